package io.github.semblance.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A whole file as one document. */
final class WholeFileRecords implements RecordStream {
  private final Path path;
  private final Location location;
  private final String id;
  private final WholeFile format;
  private final InputStream in;
  private boolean read;

  WholeFileRecords(InputFile file, WholeFile format, InputStream in) {
    this.path = file.path();
    this.location = new Location(file.name(), 0);
    this.id = file.id();
    this.format = format;
    this.in = in;
  }

  @Override
  public @Nullable RawRecord next() {
    if (read) {
      return null;
    }
    read = true;
    try {
      ReadText content = format.read(path, in);
      if (content.text().isBlank()) {
        return RawRecord.rejected(location, "the file has no text");
      }
      return new RawRecord.Whole(
          location, id, content.title().isBlank() ? name() : content.title().strip(), content);
    } catch (RejectedFileException e) {
      return RawRecord.rejected(new Location(location.source(), e.line()), e.reason());
    } catch (IOException e) {
      return RawRecord.rejected(location, "it cannot be read: " + DocumentFolder.reason(e));
    } catch (StackOverflowError e) {
      return RawRecord.rejected(location, "it is nested too deeply to be read");
    }
  }

  /** The file's name without its extension. */
  private String name() {
    String name = String.valueOf(path.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
