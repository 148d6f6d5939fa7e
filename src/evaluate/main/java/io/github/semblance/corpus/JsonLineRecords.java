package io.github.semblance.corpus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/** One JSON object a line. Lines are cut as bytes, so that a bad line leaves the next ones good. */
final class JsonLineRecords implements RecordStream {

  private static final String ONE_LINE =
      "; JSON Lines has each object on one line: call a file .json whose objects go over several";

  private final String source;
  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;
  private long line;

  JsonLineRecords(String source, InputStream in) {
    this.source = source;
    this.in = in;
  }

  @Override
  public @Nullable RawRecord next() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (readLine(bytes)) {
      Location location = new Location(source, line);
      if (bytes.size() > StrictUtf8Reader.LONGEST_RECORD) {
        return RawRecord.rejected(
            location, "the line is longer than " + StrictUtf8Reader.LONGEST_RECORD + " bytes");
      }
      String text;
      try {
        text = StrictUtf8Reader.decode(bytes.toByteArray(), bytes.size());
      } catch (CharacterCodingException e) {
        return RawRecord.rejected(location, e.getMessage() + " of the line");
      }
      if (!text.isBlank()) {
        return parse(text, location);
      }
    }
    return null;
  }

  private static RawRecord parse(String text, Location location) {
    JsonParser parser = JsonObjects.FACTORY.createParser(ObjectReadContext.empty(), text);
    try (parser) {
      JsonToken token = parser.nextToken();
      if (token != JsonToken.START_OBJECT) {
        return RawRecord.rejected(
            location, "a line must hold one JSON object, got: " + JsonObjects.words(token));
      }
      RawRecord record = JsonObjects.read(parser, location);
      if (parser.nextToken() != null) {
        return RawRecord.rejected(location, "something follows the JSON object on its line");
      }
      return record;
    } catch (JacksonException e) {
      return RawRecord.rejected(
          location,
          "malformed JSON at column "
              + JsonComplaint.place(e, parser.currentLocation()).getColumnNr()
              + ": "
              + JsonComplaint.describe(e)
              + (JsonComplaint.endedEarly(e) ? ONE_LINE : ""));
    } catch (RuntimeException e) {
      // Whatever a parser may come to, the next line is none of it.
      return RawRecord.rejected(location, "the line cannot be parsed: " + e);
    }
  }

  /** Fills with the next line, or with just enough of it to show that it is too long. */
  private boolean readLine(ByteArrayOutputStream bytes) throws IOException {
    bytes.reset();
    boolean any = false;
    while (true) {
      if (position == limit) {
        position = 0;
        limit = in.read(buffer);
        if (limit <= 0) {
          limit = 0;
          line += any ? 1 : 0;
          return any;
        }
      }
      any = true;
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      if (bytes.size() <= StrictUtf8Reader.LONGEST_RECORD) {
        bytes.write(buffer, position, end - position);
      }
      position = end;
      if (end < limit) {
        position++;
        line++;
        return true;
      }
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
