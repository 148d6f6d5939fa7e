package io.github.semblance.cli;

import java.util.List;
import java.util.function.BiConsumer;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Options of the form {@code field=value}. */
final class Pairs {
  private Pairs() {}

  /** Hands over each pair; a value may hold further equals signs. */
  static void forEach(
      CommandLine commandLine,
      String option,
      List<String> pairs,
      BiConsumer<String, String> action) {
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new ParameterException(
            commandLine, option + " must have the form field=value, got: \"" + pair + "\"");
      }
      action.accept(pair.substring(0, equals), pair.substring(equals + 1));
    }
  }
}
