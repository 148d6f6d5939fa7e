package io.github.semblance.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Writes a manual page for each command, and scripts of completion, as files. Straight to roff:
 * picocli's generator writes AsciiDoc, and what turns that into roff is a Ruby of 30 MB.
 */
final class ManualPages {
  private ManualPages() {}

  /**
   * Writes {@code man1/*.1} and {@code completion/*}.
   *
   * @param args the folder
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      throw new IllegalArgumentException("give the folder to write to");
    }
    write(Path.of(args[0]));
  }

  static void write(Path folder) throws IOException {
    PrintWriter nowhere =
        new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    CommandLine root =
        Semblance.commandLine(
            new Streams(InputStream.nullInputStream(), nowhere, nowhere, false, false, false, 0));
    Path manual = Files.createDirectories(folder.resolve("man1"));
    for (Map.Entry<String, CommandLine> each : commands(root).entrySet()) {
      Files.writeString(manual.resolve(each.getKey() + ".1"), page(each.getKey(), each.getValue()));
    }
    Path completion = Files.createDirectories(folder.resolve("completion"));
    for (Completion.Shell shell : Completion.Shell.values()) {
      Files.writeString(
          completion.resolve("semblance." + shell.name().toLowerCase(Locale.ROOT)),
          Completion.script(shell, root));
    }
  }

  /** Commands by the names of their pages, those of commands of commands too. */
  private static Map<String, CommandLine> commands(CommandLine top) {
    Map<String, CommandLine> commands = new TreeMap<>();
    commands.put(top.getCommandSpec().qualifiedName("-"), top);
    shown(top).values().forEach(command -> commands.putAll(commands(command)));
    return commands;
  }

  /** The commands of a command, without those that are for programs. */
  static Map<String, CommandLine> shown(CommandLine command) {
    Map<String, CommandLine> shown = new TreeMap<>(command.getSubcommands());
    shown.values().removeIf(each -> each.getCommandSpec().usageMessage().hidden());
    return shown;
  }

  private static String page(String name, CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    Help help = command.getHelp();
    String[] description = spec.usageMessage().description();
    StringBuilder page = new StringBuilder();
    page.append(".TH ").append(name.toUpperCase(Locale.ROOT)).append(" 1 \"\" \"Semblance\"\n");
    page.append(".SH NAME\n").append(escaped(name)).append(" \\- ");
    page.append(escaped(description.length == 0 ? name : description[0])).append('\n');
    page.append(".SH SYNOPSIS\n")
        .append(escaped(help.synopsis(0).strip().replaceAll("\\s+", " ")))
        .append('\n');
    if (description.length > 1) {
      page.append(".SH DESCRIPTION\n");
      Arrays.stream(description)
          .map(line -> line.isEmpty() ? ".PP" : escaped(line))
          .forEach(line -> page.append(line).append("\n.br\n"));
    }
    if (!shown(command).isEmpty()) {
      page.append(".SH COMMANDS\n");
      shown(command)
          .forEach(
              (sub, line) -> {
                String[] of = line.getCommandSpec().usageMessage().description();
                page.append(item(sub, of.length == 0 ? "" : of[0]));
              });
    }
    page.append(".SH OPTIONS\n");
    spec.positionalParameters().forEach(each -> page.append(item(each.paramLabel(), text(each))));
    for (OptionSpec option : spec.options()) {
      String names = String.join(", ", option.names());
      page.append(
          item(
              SessionSettings.isSwitch(option) ? names : names + " " + option.paramLabel(),
              text(option)));
    }
    page.append(".SH EXIT STATUS\n");
    spec.usageMessage()
        .exitCodeList()
        .forEach((code, meaning) -> page.append(item(code.strip(), meaning)));
    return page.toString();
  }

  private static String item(String head, String text) {
    return ".TP\n\\fB" + escaped(head) + "\\fR\n" + escaped(text) + "\n";
  }

  /** Descriptions with their defaults filled in. */
  private static String text(ArgSpec argument) {
    List<String> lines =
        Arrays.stream(argument.description())
            .map(
                line ->
                    Ansi.OFF.string(line.replace("${DEFAULT-VALUE}", "" + argument.defaultValue())))
            .toList();
    return lines.stream().collect(Collectors.joining(" "));
  }

  /** Text that roff takes as it is. */
  private static String escaped(String text) {
    String plain = text.replace("\\", "\\e").replace("-", "\\-").replace("\n", " ");
    return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
  }
}
