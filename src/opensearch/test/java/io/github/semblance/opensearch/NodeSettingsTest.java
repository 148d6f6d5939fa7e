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
final class NodeSettingsTest {
  @Test
  void aProgramIsRefusedUnlessTheNodeAllowsIt(@TempDir Path folder) throws IOException {
    Path program = Files.writeString(folder.resolve("traced.pt"), "a program");
    Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {}}");
    Settings.Builder settings = Settings.builder();
    CheckpointException refused =
        assertThrows(
            CheckpointException.class,
            () -> NodeSettings.open(settings.build(), folder.toString(), folder));
    assertTrue(
        String.valueOf(refused.getMessage()).startsWith(program + " is a TorchScript module"));
    settings.put("semblance.allow_torchscript", true);
    assertEquals(
        folder.toString(), NodeSettings.open(settings.build(), folder.toString(), folder).name());
  }

  @Test
  void noRequestCanChangeThat() throws IOException {
    assertFalse(NodeSettings.ALLOW_TORCHSCRIPT.isDynamic());
    assertTrue(NodeSettings.ALLOW_TORCHSCRIPT.hasNodeScope());
    assertFalse(NodeSettings.ALLOW_TORCHSCRIPT.get(Settings.EMPTY));
    try (SemblancePlugin plugin = new SemblancePlugin(Settings.EMPTY)) {
      assertTrue(plugin.getSettings().contains(NodeSettings.ALLOW_TORCHSCRIPT));
    }
  }
}
