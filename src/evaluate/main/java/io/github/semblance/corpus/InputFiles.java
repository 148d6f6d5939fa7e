package io.github.semblance.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files that the inputs stand for. What is no file, such as a pipe, is copied into one. */
final class InputFiles implements AutoCloseable {

  private static final String STANDARD_INPUT = "-";

  private List<InputFile> files = new ArrayList<>();
  private final List<CorpusRecord.Rejected> unreadable = new ArrayList<>();
  private final Map<String, Long> others = new TreeMap<>();
  private final List<Path> copies = new ArrayList<>();

  private final DocumentIds ids;

  private InputFiles(DocumentIds ids) {
    this.ids = ids;
  }

  static InputFiles of(List<String> inputs, @Nullable Path base, InputStream standardInput) {
    InputFiles found = new InputFiles(new DocumentIds(base));
    try {
      for (String input : inputs) {
        found.add(input, standardInput);
      }
      if (found.files.isEmpty() && !found.unreadable.isEmpty()) {
        CorpusRecord.Rejected first = found.unreadable.get(0);
        throw new CorpusException(first.location() + ": " + first.reason());
      }
      found.files = found.ids.give(found.files);
      return found;
    } catch (RuntimeException e) {
      found.close();
      throw e;
    }
  }

  /** Given files that are documents, whatever is in them now. */
  static InputFiles ofDocuments(List<Path> documents, @Nullable Path base) {
    InputFiles found = new InputFiles(new DocumentIds(base));
    for (Path path : documents) {
      InputFile.Format format = InputFile.Format.ofDocuments(DocumentFolder.extension(path));
      if (format == null) {
        throw new IllegalArgumentException("documents must be of a known format, got: " + path);
      }
      found.files.add(new InputFile(path, path.toString(), "", format));
    }
    found.files = found.ids.give(found.files);
    return found;
  }

  /** Where the paths that are ids begin. */
  @Nullable Path base() {
    return ids.base();
  }

  List<InputFile> files() {
    return files;
  }

  /** What the inputs stand for and cannot be read, while others can. */
  List<CorpusRecord.Rejected> unreadable() {
    return unreadable;
  }

  UnreadFiles others() {
    return new UnreadFiles(others);
  }

  private void add(String input, InputStream standardInput) {
    try {
      if (input.equals(STANDARD_INPUT)) {
        addCopy(standardInput, "standard input");
        return;
      }
      Path path = path(input);
      if (Files.notExists(path)) {
        throw new CorpusException(input + " does not exist");
      }
      if (!Files.isReadable(path)) {
        throw new CorpusException(input + " may not be read by this user");
      }
      if (Files.isDirectory(path)) {
        addFolder(path, input);
      } else if (Files.isRegularFile(path)) {
        addFile(path, input);
      } else {
        try (InputStream in = Files.newInputStream(path)) {
          addCopy(in, input);
        }
      }
    } catch (IOException e) {
      throw new CorpusException(input + " cannot be read: " + e, e);
    }
  }

  private void addCopy(InputStream in, String name) throws IOException {
    Path copy = Files.createTempFile("semblance-input", "");
    copy.toFile().deleteOnExit();
    copies.add(copy);
    Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
    addFile(copy, name);
  }

  private static Path path(String input) {
    try {
      return Path.of(input);
    } catch (InvalidPathException e) {
      throw new CorpusException(input + " is no path: " + e.getReason(), e);
    }
  }

  private void addFile(Path path, String name) throws IOException {
    if (InputFile.isEmpty(path)) {
      unreadable.add(new CorpusRecord.Rejected(new Location(name, 0), "the file is empty"));
    } else {
      InputFile file = InputFile.of(path, name);
      files.add(file);
      Path folder = path.toAbsolutePath().getParent();
      if (file.isDocument() && folder != null) {
        ids.addRoot(folder);
      }
    }
  }

  private void addFolder(Path folder, String input) {
    DocumentFolder found = DocumentFolder.of(folder);
    Path beir = folder.resolve("corpus.jsonl");
    if (Files.isRegularFile(beir)) {
      files.add(new InputFile(beir, beir.toString(), "", InputFile.Format.JSON_LINES));
      found.documents().forEach(text -> addOther(text.path()));
      found.others().stream()
          .filter(other -> !isOfBeir(folder.relativize(other)))
          .forEach(this::addOther);
      return;
    }
    found.others().forEach(this::addOther);
    unreadable.addAll(found.unreadable());
    if (found.documents().isEmpty() && found.unreadable().isEmpty()) {
      throw new CorpusException(
          input
              + " holds neither a corpus.jsonl nor any .txt, .md, .html or .pdf file to index"
              + (others.isEmpty() ? "" : ", but " + new UnreadFiles(others)));
    }
    files.addAll(found.documents());
    ids.addRoot(folder);
  }

  private static boolean isOfBeir(Path below) {
    return below.startsWith("corpus.jsonl")
        || below.startsWith("queries.jsonl")
        || below.startsWith("qrels");
  }

  private void addOther(Path file) {
    others.merge(DocumentFolder.extension(file), 1L, Long::sum);
  }

  @Override
  public void close() {
    // What cannot be deleted now is deleted when the virtual machine ends.
    copies.forEach(copy -> copy.toFile().delete());
  }
}
