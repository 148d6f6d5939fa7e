package io.github.semblance.cli;

import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.bert.checkpoint.UnknownModelException;
import io.github.semblance.corpus.CorpusReader;
import io.github.semblance.corpus.UnknownFieldException;
import io.github.semblance.embed.ModuleVersion;
import io.github.semblance.search.SearchRequestException;
import io.github.semblance.server.SemblanceServer;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code semblance} command: the parent of all others and the main class of the jar. */
@Command(
    name = "semblance",
    description = "Semantic and keyword search with Apache Lucene, inside the JVM.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Semblance.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:failed", "2:wrong usage"})
public final class Semblance implements Runnable {
  /** All commands, in the order of the help. */
  private static final List<Class<?>> COMMANDS =
      List.of(
          Demo.class,
          IndexBuilder.class,
          Search.class,
          Serve.class,
          Mcp.class,
          Evaluate.class,
          Tune.class,
          Adopt.class,
          Migrate.class,
          Embed.class,
          Models.class,
          Cluster.class,
          Doctor.class,
          Bench.class,
          Completion.class,
          Rehearsal.class,
          Help.class);

  private static final Set<Class<?>> ABOUT_OTHERS = Set.of(Completion.class, Help.class);

  private final Streams streams;

  @Spec private CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Log more, and show the stack trace of a failure.")
  private boolean debug;

  @SuppressWarnings("NullAway.Init") // picocli sets the other fields
  private Semblance(Streams streams) {
    this.streams = streams;
  }

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    // Libraries write and sort by the language of the process; what commands print has none.
    Locale.setDefault(Locale.ROOT);
    // Texts and JSON are UTF-8 whatever the platform's charset is.
    System.setErr(new PrintStream(Streams.standardError(), true, StandardCharsets.UTF_8));
    BertEmbedder.finishAtExit();
    StandardOutput out = new StandardOutput();
    Streams streams = Streams.ofProcess(out);
    int code = run(streams, args);
    if (out.failure() != null && !out.isClosedPipe()) {
      streams.err().println("semblance: standard output: " + Failures.message(out.failure()));
      code = CommandLine.ExitCode.SOFTWARE;
    }
    System.exit(code);
  }

  /** Runs a command. The exit code is 0 if it did its work, 1 if it failed, 2 for wrong usage. */
  static int run(Streams streams, String... args) {
    CommandLine commandLine = commandLine(streams, needed(args));
    Semblance semblance = commandLine.getCommand();
    int code;
    try {
      requireOneVersion();
      code = commandLine.execute(args);
    } catch (CommandFailure | OutOfMemoryError | LinkageError e) {
      code = semblance.report(e);
    }
    streams.out().flush();
    streams.err().flush();
    return code;
  }

  /** All commands. */
  static CommandLine commandLine(Streams streams) {
    return commandLine(streams, COMMANDS);
  }

  /** The one that is called, if it does without the others: to read all options takes a while. */
  private static List<Class<?>> needed(String[] args) {
    return COMMANDS.stream()
        .filter(command -> !ABOUT_OTHERS.contains(command))
        .filter(command -> args.length > 0 && args[0].equals(name(command)))
        .findFirst()
        .<List<Class<?>>>map(List::of)
        .orElse(COMMANDS);
  }

  private static @Nullable String name(Class<?> command) {
    Command named = command.getAnnotation(Command.class);
    return named == null ? null : named.name();
  }

  private static CommandLine commandLine(Streams streams, List<Class<?>> commands) {
    Semblance semblance = new Semblance(streams);
    CommandLine commandLine = new CommandLine(semblance);
    commands.forEach(commandLine::addSubcommand);
    commandLine
        .setOut(streams.out())
        .setErr(streams.err())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(semblance::execute)
        .setParameterExceptionHandler(semblance::reject)
        .setExecutionExceptionHandler(semblance::report);
    commandLine.setUsageHelpWidth(streams.helpColumns());
    return commandLine;
  }

  private static void requireOneVersion() throws CommandFailure {
    for (Class<?> module :
        List.of(Semblance.class, CorpusReader.class, BertEmbedder.class, SemblanceServer.class)) {
      try {
        ModuleVersion.requireThatOfCore(module);
      } catch (IllegalStateException e) {
        throw new CommandFailure(Failures.text(e), e);
      }
    }
  }

  /** What the commands read from and write to. */
  Streams streams() {
    return streams;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing: "
            + spec.subcommands().entrySet().stream()
                .filter(command -> !command.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", ")));
  }

  private int execute(CommandLine.ParseResult parsed) {
    Level level = debug ? Level.INFO : Level.WARNING;
    System.setProperty("java.util.logging.SimpleFormatter.format", "%4$s: %5$s (%2$s)%6$s%n");
    Logger root = LogManager.getLogManager().getLogger("");
    root.setLevel(level);
    // DJL warns of every GPU that is not there.
    ENGINE_LOG.setLevel(debug ? Level.INFO : Level.SEVERE);
    // Whoever sends an odd request is told of it.
    SERVER_LOGS.forEach(log -> log.setLevel(debug ? Level.INFO : Level.SEVERE));
    VECTORS_LOG.setLevel(debug ? Level.INFO : Level.SEVERE);
    // A damaged file is reported by its name, once.
    PDF_LOG.setLevel(debug ? Level.INFO : Level.OFF);
    FONT_LOG.setLevel(debug ? Level.INFO : Level.OFF);
    return new CommandLine.RunLast().execute(parsed);
  }

  /** Held here because java.util.logging forgets the level of a logger that nobody holds. */
  private static final Logger ENGINE_LOG = Logger.getLogger("ai.djl");

  private static final List<Logger> SERVER_LOGS =
      Stream.of("org.eclipse.jetty", "io.modelcontextprotocol", "com.networknt")
          .map(Logger::getLogger)
          .toList();

  /** Lucene warns of a module that the launcher leaves out where it takes longer than it saves. */
  private static final Logger VECTORS_LOG =
      Logger.getLogger("org.apache.lucene.internal.vectorization");

  private static final Logger PDF_LOG = Logger.getLogger("org.apache.pdfbox");
  private static final Logger FONT_LOG = Logger.getLogger("org.apache.fontbox");

  private int reject(ParameterException wrong, String[] args) {
    if (debug) {
      streams.err().println(Printable.trace(wrong));
    }
    List<String> similar =
        wrong instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.of();
    streams
        .err()
        .println(
            "semblance: "
                + Printable.message(reason(wrong))
                + (similar.isEmpty()
                    ? "; see '"
                    : "; did you mean " + String.join(" or ", similar) + "? See '")
                + wrong.getCommandLine().getCommandSpec().qualifiedName()
                + " --help'");
    return CommandLine.ExitCode.USAGE;
  }

  /** Without the place among the words of a command line, which nobody counts. */
  private static String reason(ParameterException wrong) {
    String reason = Failures.text(wrong).replaceFirst("(?<!\\.)\\.$", "");
    boolean ofAll = wrong.getCommandLine().getParent() == null;
    return wrong instanceof UnmatchedArgumentException
        ? reason.replaceFirst(
            "^Unmatched arguments? (at|from) index \\d+: ",
            ofAll ? "There is no command " : "Nothing is done with ")
        : reason;
  }

  private int report(Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) {
    return failure instanceof UnknownFieldException
            || failure instanceof UnknownModelException
            || failure instanceof SearchRequestException
        ? reject(
            new ParameterException(commandLine, Failures.message(failure), failure), new String[0])
        : report(failure);
  }

  private int report(Throwable failure) {
    if (debug) {
      streams.err().println(Printable.trace(failure));
    }
    streams.err().println("semblance: " + Printable.message(Failures.message(failure)));
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** Reads the version from the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Semblance.class.getPackage().getImplementationVersion();
      return new String[] {"semblance " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
