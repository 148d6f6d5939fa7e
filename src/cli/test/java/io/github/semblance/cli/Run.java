package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One command run inside this JVM, and what came of it. */
record Run(int code, String out, String err) {
  private static final byte[] NO_INPUT = {};

  static Run of(String... arguments) {
    return withInput(NO_INPUT, arguments);
  }

  static Run withInput(byte[] input, String... arguments) {
    return run(input, false, 100, arguments);
  }

  /** As if a person typed and read. */
  static Run typing(String input, String... arguments) {
    return typing(input.getBytes(StandardCharsets.UTF_8), arguments);
  }

  /** As if a person typed these bytes. */
  static Run typing(byte[] input, String... arguments) {
    return run(input, true, 100, arguments);
  }

  /** As if a person typed and read in a terminal that wide. */
  static Run typing(int columns, String input, String... arguments) {
    return run(input.getBytes(StandardCharsets.UTF_8), true, columns, arguments);
  }

  /** In a terminal that wide. */
  static Run inColumns(int columns, String... arguments) {
    return run(NO_INPUT, false, columns, arguments);
  }

  private static Run run(byte[] input, boolean terminal, int columns, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Streams streams =
        new Streams(
            new ByteArrayInputStream(input),
            new PrintWriter(out),
            new PrintWriter(err),
            terminal,
            false,
            false,
            columns);
    int code = Semblance.run(streams, arguments);
    // Progress, on a slow machine.
    String messages =
        err.toString()
            .replaceAll("(?m)^(Indexing|Evaluating|Adopting|Checking|Migrating): .*\n", "");
    Run run = new Run(code, out.toString(), messages);
    assertFalse(run.err.contains("\tat "), run.err);
    assertFalse((run.out + run.err).contains("\u001B"), run.out + run.err);
    return run;
  }

  /** Checks that all went well, without a word on standard error. */
  Run succeeds() {
    assertEquals("", err);
    assertEquals(0, code, out);
    return this;
  }

  /** Checks that one message told what went wrong, and that there are no data. */
  Run fails(int expected, String... fragments) {
    assertEquals(expected, code, err);
    assertEquals("", out);
    assertTrue(err.startsWith("semblance: "), err);
    assertEquals(1, err.lines().count(), err);
    for (String fragment : fragments) {
      assertTrue(err.contains(fragment), err);
    }
    return this;
  }

  List<String> messages() {
    return err.lines().toList();
  }

  /** Standard output, which must be one JSON object on one line. */
  JsonNode json() {
    assertEquals(1, out.lines().count(), out);
    JsonNode node = JsonMapper.shared().readTree(out);
    assertTrue(node.isObject(), out);
    return node;
  }
}
