package io.github.semblance.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Does once what commands do that answer at once, so that the JVM can keep the classes that this
 * takes in an archive, from which later starts have them at a third of the time. For the launcher.
 */
@Command(name = "rehearse", hidden = true, description = "For the launcher.")
final class Rehearsal implements Callable<Integer> {
  private static final String DOCUMENTS =
      """
      {"id":"1","title":"Joining late","text":"You can join after the start.","course":"a"}
      {"id":"2","title":"Certificates","text":"A project earns a certificate.","course":"b"}
      """;

  Rehearsal() {}

  /** Rehearses in a folder of its own. */
  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("semblance");
    try {
      String input = Files.writeString(folder.resolve("documents.jsonl"), DOCUMENTS).toString();
      String index = folder.resolve("index").toString();
      for (List<String> command :
          List.of(
              List.of("--help"),
              List.of("search", "--help"),
              List.of("--version"),
              List.of("models"),
              List.of("index", input, "--index", index),
              List.of("search", "can I join", "--index", index),
              List.of("search", "can I join", "--index", index, "--json", "--facet", "course"),
              List.of("search", "+join*", "--index", index, "--syntax", "lucene", "--explain"))) {
        int code = Semblance.run(nowhere(), command.toArray(String[]::new));
        if (code != 0) {
          return code;
        }
      }
    } finally {
      delete(folder);
    }
    return 0;
  }

  private static Streams nowhere() {
    PrintWriter out =
        new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    return new Streams(InputStream.nullInputStream(), out, err, false, false, false, 0);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
