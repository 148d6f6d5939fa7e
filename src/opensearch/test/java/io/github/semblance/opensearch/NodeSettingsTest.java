package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.bert.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opensearch.common.settings.Settings;

/** What the operator of a node decides, and nobody else. */
final class NodeModelTest {
  @Test
  void aProgramIsRefusedUnlessTheNodeAllowsIt(@TempDir Path folder) throws IOException {
    Path program = Files.writeString(folder.resolve("traced.pt"), "a program");
    Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {}}");
    Settings.Builder settings = Settings.builder().put("semblance.model", folder.toString());
    CheckpointException refused =
        assertThrows(CheckpointException.class, () -> NodeModel.open(settings.build(), folder));
    assertTrue(
        String.valueOf(refused.getMessage()).startsWith(program + " is a TorchScript module"));
    settings.put("semblance.allow_torchscript", true);
    assertEquals(folder.toString(), NodeModel.open(settings.build(), folder).name());
  }

  @Test
  void noRequestCanChangeThat() throws IOException {
    assertFalse(NodeModel.ALLOW_TORCHSCRIPT.isDynamic());
    assertTrue(NodeModel.ALLOW_TORCHSCRIPT.hasNodeScope());
    assertFalse(NodeModel.ALLOW_TORCHSCRIPT.get(Settings.EMPTY));
    try (SemblancePlugin plugin = new SemblancePlugin(Settings.EMPTY)) {
      assertTrue(plugin.getSettings().contains(NodeModel.ALLOW_TORCHSCRIPT));
    }
  }
}
