package io.github.semblance.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;

/**
 * One JSON array of objects, or objects one after the other. An object of the array that has an
 * array {@code documents} stands for those, and lends them its other fields.
 */
final class JsonRecords implements RecordStream {

  private static final String DOCUMENTS = "documents";

  private final String source;
  private final StrictUtf8Reader text;
  private final JsonParser parser;
  private boolean started;

  /** The object whose documents are being read. */
  private @Nullable JsonObjects outer;

  JsonRecords(String source, InputStream in) {
    this.source = source;
    this.text = new StrictUtf8Reader(in);
    this.parser = JsonObjects.FACTORY.createParser(ObjectReadContext.empty(), text);
  }

  @Override
  public @Nullable RawRecord next() throws IOException {
    text.startRecord();
    try {
      JsonToken token = parser.nextToken();
      if (!started) {
        started = true;
        token = token == JsonToken.START_ARRAY ? parser.nextToken() : token;
      }
      for (; token != null; token = parser.nextToken()) {
        if (token != JsonToken.END_ARRAY) {
          RawRecord record = entry(token);
          if (record != null) {
            return record;
          }
        } else if (outer != null) {
          endDocuments();
        } else if (parser.nextToken() != null) {
          throw malformed("something follows the end of the array", parser.currentLocation(), null);
        } else {
          return null;
        }
      }
      return null;
    } catch (JacksonException e) {
      IOException unreadable = JsonComplaint.unreadable(e);
      if (unreadable instanceof CharacterCodingException) {
        throw unreadable; // it tells its place
      }
      throw malformed(
          unreadable == null ? JsonComplaint.describe(e) : String.valueOf(unreadable.getMessage()),
          JsonComplaint.place(e, parser.currentLocation()),
          e);
    } catch (CorpusException e) {
      throw e;
    } catch (RuntimeException e) {
      throw malformed("it cannot be parsed: " + e, parser.currentLocation(), e);
    }
  }

  /** The record that starts with the token, or null if it is an object that opens documents. */
  private @Nullable RawRecord entry(JsonToken token) {
    Location location = new Location(source, parser.currentTokenLocation().getLineNr());
    if (token != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return RawRecord.rejected(
          location, "a record must be a JSON object, got: " + JsonObjects.words(token));
    }
    JsonObjects object = new JsonObjects(parser);
    if (outer != null) {
      object.readUntil(null);
      return object.recordWithin(outer, location);
    }
    if (object.readUntil(DOCUMENTS)) {
      outer = object;
      return null;
    }
    return object.record(location);
  }

  private void endDocuments() {
    // The documents are gone by now: a field that comes after them cannot be lent any more.
    if (parser.nextToken() != JsonToken.END_OBJECT) {
      throw malformed(
          "field \""
              + parser.currentName()
              + "\" comes after \""
              + DOCUMENTS
              + "\"; put the fields that the documents share before them",
          parser.currentTokenLocation(),
          null);
    }
    outer = null;
  }

  private CorpusException malformed(
      String what, TokenStreamLocation at, @Nullable RuntimeException cause) {
    return new CorpusException(
        source + ":" + at.getLineNr() + ":" + at.getColumnNr() + ": malformed JSON: " + what,
        cause);
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
