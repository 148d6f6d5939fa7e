package io.github.semblance.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The files that the inputs stand for. What is no file, such as a pipe, is copied into one. */
final class InputFiles implements AutoCloseable {

  private static final String STANDARD_INPUT = "-";

  private final List<InputFile> files = new ArrayList<>();
  private final List<Path> copies = new ArrayList<>();

  static InputFiles of(List<String> inputs, InputStream standardInput) {
    InputFiles found = new InputFiles();
    try {
      for (String input : inputs) {
        found.add(input, standardInput);
      }
      return found;
    } catch (RuntimeException e) {
      found.close();
      throw e;
    }
  }

  List<InputFile> files() {
    return files;
  }

  private void add(String input, InputStream standardInput) {
    try {
      if (input.equals(STANDARD_INPUT)) {
        addCopy(standardInput, "standard input");
        return;
      }
      Path path = Path.of(input);
      if (Files.notExists(path)) {
        throw new CorpusException(input + " does not exist");
      }
      if (!Files.isReadable(path)) {
        throw new CorpusException(input + " may not be read by this user");
      }
      if (Files.isDirectory(path)) {
        addFolder(path, input);
      } else if (Files.isRegularFile(path)) {
        files.add(InputFile.of(path, input));
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
    files.add(InputFile.of(copy, name));
  }

  private void addFolder(Path folder, String input) throws IOException {
    Path beir = folder.resolve("corpus.jsonl");
    if (Files.isRegularFile(beir)) {
      files.add(InputFile.of(beir, beir.toString()));
      return;
    }
    List<InputFile> texts = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
            return isHidden(inner) && !inner.equals(folder)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (!isHidden(file) && (name.endsWith(".txt") || name.endsWith(".md"))) {
              String id = folder.relativize(file).toString().replace('\\', '/');
              texts.add(new InputFile(file, file.toString(), id, InputFile.Format.TEXT));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    if (texts.isEmpty()) {
      throw new CorpusException(
          input + " holds neither a corpus.jsonl nor any .txt or .md file to index");
    }
    texts.sort(Comparator.comparing(InputFile::id));
    files.addAll(texts);
  }

  private static boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  @Override
  public void close() {
    // What cannot be deleted now is deleted when the virtual machine ends.
    copies.forEach(copy -> copy.toFile().delete());
  }
}
