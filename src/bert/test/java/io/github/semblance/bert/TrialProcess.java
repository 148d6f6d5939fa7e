package io.github.semblance.bert;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Runs {@link TokenizerTrial}, starting it anew behind each file at which it ended or stopped. */
final class TrialProcess {
  /** For one file; the first of a process has the start of the JVM, too. */
  private static final int LIMIT_S = 60;

  /** Disasters after which nobody needs more. */
  private static final int ENOUGH = 10;

  /** How often each came out. */
  final Map<String, Integer> outcomes = new TreeMap<>();

  /** At which files the process ended or stopped, and how. */
  final List<String> disasters = new ArrayList<>();

  private final Path errors;

  TrialProcess(Path errors) {
    this.errors = errors;
  }

  /** Tries the files from 0 on. */
  void run(String kind, String argument, int files) throws IOException, InterruptedException {
    int next = 0;
    while (next < files && disasters.size() < ENOUGH) {
      next = run(kind, argument, next, files);
    }
  }

  private int run(String kind, String argument, int from, int to)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                TokenizerTrial.class.getName(),
                kind,
                argument,
                Integer.toString(from),
                Integer.toString(to))
            .redirectError(errors.toFile())
            .start();
    try {
      BlockingQueue<String> lines = lines(process);
      int current = from - 1;
      while (true) {
        String line = lines.poll(LIMIT_S, TimeUnit.SECONDS);
        if (line == null) {
          disasters.add(kind + " " + current + ": no end after " + LIMIT_S + " s");
          return Math.max(current, from) + 1;
        }
        if (line.isEmpty()) { // the end of the output
          int status = process.waitFor();
          if (status == 0 && current == to - 1) {
            return to;
          }
          disasters.add(
              kind + " " + current + ": ended with " + status + "; " + Files.readString(errors));
          return Math.max(current, from) + 1;
        }
        if (Character.isDigit(line.charAt(0))) {
          current = Integer.parseInt(line);
        } else if (line.startsWith("broke")) {
          disasters.add(kind + " " + current + ": " + line);
        } else {
          outcomes.merge(line, 1, Integer::sum);
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** The lines of its output as they come, and an empty one behind the last. */
  private static BlockingQueue<String> lines(Process process) {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                out.lines().filter(line -> !line.isEmpty()).forEach(lines::add);
              } catch (IOException | RuntimeException e) {
                lines.add("broke: its output could not be read: " + e);
              } finally {
                lines.add("");
              }
            });
    return lines;
  }
}
