package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command runs and opens of what somebody else made. */
@SuppressWarnings("NullAway.Init") // set before each test
final class TrustCommandTest {
  private static final byte[] LINE = "a text\n".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private String model;
  private String index;
  private String input;

  @BeforeEach
  void index() throws IOException {
    model = TinyModel.write(folder.resolve("tiny"), 1);
    index = folder.resolve("index").toString();
    input =
        Files.writeString(folder.resolve("in.jsonl"), "{\"id\":\"1\",\"text\":\"some words\"}")
            .toString();
    Run.of("index", input, "--index", index, "--model", model);
  }

  /** The folder as one that makes the manifest's name run a program. */
  private void putProgramInPlaceOfWeights() throws IOException {
    Files.delete(Path.of(model, "model.safetensors"));
    Files.writeString(Path.of(model, "tiny.pt"), "a program");
    Files.writeString(Path.of(model, "tokenizer.json"), "{\"model\": {}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"embed", "index", "search", "evaluate", "doctor"})
  void aProgramIsRefusedByEachCommand(String command) throws IOException {
    putProgramInPlaceOfWeights();
    String program = Path.of(model, "tiny.pt") + " is a TorchScript module";
    Run run = run(command);
    assertEquals(1, run.code(), run.err());
    assertTrue((run.out() + run.err()).contains(program), run.out() + run.err());
    assertTrue((run.out() + run.err()).contains("--allow-torchscript"), run.out() + run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"embed", "index", "search", "evaluate", "doctor"})
  void eachCommandLetsTheUserAllowIt(String command) throws IOException {
    putProgramInPlaceOfWeights();
    Run run = run(command, "--allow-torchscript");
    String said = run.out() + run.err();
    assertEquals(1, run.code(), said);
    assertFalse(said.contains("is a TorchScript module"), said);
    assertTrue(said.contains("tokenizer"), said); // which is no more one than the program is
  }

  private Run run(String command, String... more) throws IOException {
    String[] arguments =
        switch (command) {
          case "embed", "doctor" -> new String[] {command, "--model", model};
          case "index" -> new String[] {command, input, "--index", index + "2", "--model", model};
          case "search" -> new String[] {command, "x", "--index", index, "--model", model};
          default ->
              new String[] {
                command,
                "--index",
                index,
                "--model",
                model,
                "--rare-words",
                input,
                "--modes",
                "bm25"
              };
        };
    String[] all = new String[arguments.length + more.length];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return Run.withInput(LINE, all);
  }

  @Test
  void anIndexOpensNoFolder() throws IOException {
    Run.of("search", "words", "--index", index)
        .fails(
            1,
            "the index at " + index,
            "\"" + model + "\"",
            "a folder is opened only if you name it yourself",
            "say where the model is with --model");
    Run.of("evaluate", "--index", index, "--rare-words", input).fails(1, "--model");
    Run.of("search", "words", "--index", index, "--mode", "bm25").succeeds();
    Run.of("search", "words", "--index", index, "--model", model).succeeds();
    putProgramInPlaceOfWeights();
    Run.of("search", "words", "--index", index).fails(1, "only if you name it yourself");
  }

  @Test
  void anIndexCannotBeGivenThePermission() {
    Run.of("search", "words", "--index", index, "--allow-torchscript")
        .fails(2, "--allow-torchscript goes with --model or --query-model only");
    Run.of("evaluate", "--index", index, "--rare-words", input, "--allow-torchscript")
        .fails(2, "--allow-torchscript goes with --model or --query-model only");
  }
}
