package io.github.semblance.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of {@code search} as they stand in a session: those of the command line, until a
 * person gives others. Whatever option the command has for a question, a session has too. For use
 * by one thread.
 */
final class SessionSettings {
  /** What is opened once, or makes no sense between questions. */
  private static final Set<String> FIXED =
      Set.of(
          "--index",
          "--like",
          "--model",
          "--query-model",
          "--allow-torchscript",
          "--rerank",
          "--rerank-depth",
          "--rerank-ms",
          "--help",
          "--version",
          "--debug");

  private final Map<String, OptionSpec> options = new TreeMap<>();
  private final Map<String, List<String>> given = new LinkedHashMap<>();
  private final Function<List<String>, Search> parser;
  private final Consumer<Search> check;
  private Search current;

  /**
   * Begins with the options of the command line.
   *
   * @param command as it was parsed
   * @param parser makes the command of other options
   * @param check refuses one with which no question can be asked
   */
  SessionSettings(
      CommandSpec command, Function<List<String>, Search> parser, Consumer<Search> check) {
    this.parser = parser;
    this.check = check;
    for (OptionSpec option : command.options()) {
      if (!FIXED.contains(option.longestName()) && !option.hidden()) {
        options.put(option.longestName().substring(2), option);
      }
    }
    for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
      String name = option.longestName().substring(2);
      if (options.containsKey(name)) {
        given.put(name, new ArrayList<>(option.originalStringValues()));
      }
    }
    this.current = parser.apply(arguments(given));
  }

  /** The command with the settings as they stand. */
  Search current() {
    return current;
  }

  /** The options that may be set, by name without dashes. */
  Map<String, OptionSpec> options() {
    return options;
  }

  /**
   * Sets an option, adds a value to one that takes several, or turns a switch.
   *
   * @param name without dashes; one of {@link #options}
   * @param value null for the option's default
   * @throws picocli.CommandLine.ParameterException if the value is not one for the option, which
   *     then stays as it was
   * @throws io.github.semblance.search.SearchRequestException likewise, if it does not go with the
   *     other options or with the index
   */
  void set(String name, @Nullable String value) {
    OptionSpec option = options.get(name);
    if (option == null) {
      throw new IllegalArgumentException("no option of a session: " + name);
    }
    Map<String, List<String>> changed = new LinkedHashMap<>(given);
    if (isSwitch(option)) {
      if (changed.remove(name) == null) {
        changed.put(name, List.of());
      }
    } else if (value == null) {
      changed.remove(name);
    } else if (option.isMultiValue()) {
      List<String> values = new ArrayList<>(changed.getOrDefault(name, List.of()));
      values.add(value);
      changed.put(name, values);
    } else {
      changed.put(name, List.of(value));
    }
    Search next = parser.apply(arguments(changed));
    check.accept(next);
    current = next;
    given.clear();
    given.putAll(changed);
  }

  /** Whether an option is there or not, and has no value. */
  static boolean isSwitch(OptionSpec option) {
    return option.type() == boolean.class || option.type() == Boolean.class;
  }

  /** What is not as by default, as it would stand on the command line. */
  String text() {
    return String.join(" ", arguments(given));
  }

  private List<String> arguments(Map<String, List<String>> values) {
    List<String> arguments = new ArrayList<>();
    values.forEach(
        (name, each) -> {
          if (isSwitch(optionOf(name))) {
            arguments.add("--" + name);
          } else {
            each.forEach(value -> arguments.add("--" + name + "=" + value));
          }
        });
    return arguments;
  }

  private OptionSpec optionOf(String name) {
    OptionSpec option = options.get(name);
    if (option == null) {
      throw new IllegalStateException("no option of a session: " + name);
    }
    return option;
  }

  /** The values that an option may only have; empty where it may have others. */
  static Collection<String> choices(ArgSpec option) {
    List<String> choices = new ArrayList<>();
    if (option.completionCandidates() != null) {
      option.completionCandidates().forEach(choices::add);
    }
    return choices;
  }
}
