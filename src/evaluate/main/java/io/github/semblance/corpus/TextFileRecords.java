package io.github.semblance.corpus;

import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A whole text or Markdown file as one document. */
final class TextFileRecords implements RecordStream {

  private final Location location;
  private final String id;
  private final InputStream in;
  private boolean read;

  TextFileRecords(String source, String id, InputStream in) {
    this.location = new Location(source, 0);
    this.id = id;
    this.in = in;
  }

  @Override
  public @Nullable RawRecord next() throws IOException {
    if (read) {
      return null;
    }
    read = true;
    byte[] bytes = in.readNBytes(StrictUtf8Reader.LONGEST_RECORD + 1);
    if (bytes.length > StrictUtf8Reader.LONGEST_RECORD) {
      return RawRecord.rejected(
          location, "the file is longer than " + StrictUtf8Reader.LONGEST_RECORD + " bytes");
    }
    String text;
    try {
      text = StrictUtf8Reader.decode(bytes, bytes.length);
    } catch (CharacterCodingException e) {
      return RawRecord.rejected(location, e.getMessage() + " of the file");
    }
    if (text.isBlank()) {
      return RawRecord.rejected(location, "the file has no text");
    }
    // The heading stays in the text, so that offsets into the text are offsets into the file.
    return new RawRecord.Settled(
        new CorpusRecord.Document(
            location, new SourceDocument(id, title(text), text, Map.of()), false));
  }

  private String title(String text) {
    if (id.endsWith(".md")) {
      boolean code = false;
      for (String line : (Iterable<String>) text.lines()::iterator) {
        code ^= line.startsWith("```");
        if (!code && line.matches("#{1,6}\\s+\\S.*")) {
          return line.replaceFirst("#+\\s+", "").replaceFirst("\\s+#*\\s*$", "");
        }
      }
    }
    String name = id.substring(id.lastIndexOf('/') + 1);
    return name.substring(0, name.lastIndexOf('.'));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
