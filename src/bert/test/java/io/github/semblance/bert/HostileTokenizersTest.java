package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.bert.CraftedTokenizers.Crafted;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.TokenizerFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/**
 * No tokenizer ends the process or stops it. How many mutants are tried, and which: {@code mvn test
 * -Dtest=HostileTokenizersTest -Dsemblance.mutants=20000 -Dsemblance.mutants.seed=7}.
 */
class HostileTokenizersTest {
  private static final int MUTANTS = Integer.getInteger("semblance.mutants", 300);
  private static final long SEED = Long.getLong("semblance.mutants.seed", 1);
  private static final Logger LOG = Logger.getLogger(HostileTokenizersTest.class.getName());

  @TempDir private Path folder;

  @Test
  void craftedFilesAreRefusedByPlaceAndRule() {
    List<String> wrong = new ArrayList<>();
    for (Crafted crafted : CraftedTokenizers.all()) {
      CheckpointException refused =
          assertThrows(
              CheckpointException.class,
              () -> TokenizerFile.requireSafe("t.json", crafted.json()),
              crafted.name());
      String message = String.valueOf(refused.getMessage());
      if (!message.startsWith("t.json: ") || !message.contains(crafted.message())) {
        wrong.add(crafted.name() + "\n  " + message);
      }
      assertTrue(message.length() < 600, message);
    }
    assertEquals("", String.join("\n", wrong));
    assertTrue(CraftedTokenizers.all().size() >= 100);
  }

  @Test
  void soundFilesPass() {
    for (ObjectNode file : TokenizerFiles.all()) {
      assertDoesNotThrow(() -> TokenizerFile.requireSafe("t.json", file.toString()));
    }
    assertDoesNotThrow(
        () ->
            TokenizerFile.requireSafe(
                "t.json",
                TokenizerFiles.resource("/META-INF/semblance/all-minilm-l6-v2-tokenizer.json")));
  }

  @Test
  void noCraftedFileEndsTheProcess() throws IOException, InterruptedException {
    List<Crafted> crafted = CraftedTokenizers.all();
    for (int i = 0; i < crafted.size(); i++) {
      Files.writeString(folder.resolve(i + ".json"), crafted.get(i).json());
    }
    TrialProcess trial = new TrialProcess(folder.resolve("errors"));
    trial.run("files", folder.toString(), crafted.size());
    LOG.info(crafted.size() + " crafted tokenizers: " + trial.outcomes);
    assertEquals(List.of(), trial.disasters);
    assertEquals(crafted.size(), trial.outcomes.get("refused"));
  }

  @Test
  void noMutantEndsOrStopsTheProcess() throws IOException, InterruptedException {
    TrialProcess trial = new TrialProcess(folder.resolve("errors"));
    trial.run("mutants", Long.toString(SEED * 1_000_000_007), MUTANTS);
    LOG.info(MUTANTS + " mutants of tokenizers, seed " + SEED + ": " + trial.outcomes);
    assertEquals(List.of(), trial.disasters);
    assertTrue(trial.outcomes.containsKey("used") && trial.outcomes.containsKey("refused"));
  }
}
