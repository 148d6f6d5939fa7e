package io.github.semblance.bert.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders in DJL's own layout. */
class TorchScriptFolderTest {
  @TempDir Path home;
  private Path folder;

  @BeforeEach
  void writeFolder() throws IOException {
    folder = Files.createDirectory(home.resolve("traced"));
    Files.writeString(folder.resolve("traced.pt"), "module");
    Files.writeString(folder.resolve("tokenizer.json"), "{\"model\":{}}");
  }

  private TorchScriptModel open() throws CheckpointException {
    return assertInstanceOf(
        TorchScriptModel.class,
        TinyFolder.store(home).open(folder.toString(), ModelTrust.TORCHSCRIPT));
  }

  @Test
  void takesTheDefaultsOfDjl() throws CheckpointException {
    TorchScriptModel model = open();
    assertEquals(folder.resolve("traced.pt"), model.module());
    assertEquals(new Checkpoint.Facts(512, Pooling.MEAN, true, "", "", 0), model.facts());
    assertEquals(false, model.tokenTypes());
  }

  @Test
  void readsServingProperties() throws IOException {
    String before = open().fingerprint();
    Files.writeString(
        folder.resolve("serving.properties"),
        "engine=PyTorch\nincludeTokenTypes=true\npooling=cls\nnormalize=false\nmaxLength=128\n");
    assertEquals(new Checkpoint.Facts(128, Pooling.CLS, false, "", "", 0), open().facts());
    assertEquals(true, open().tokenTypes());
    assertNotEquals(before, open().fingerprint());
  }

  @Test
  void theTokenizersTruncationIsTheWindow() throws IOException {
    Files.writeString(
        folder.resolve("tokenizer.json"), "{\"truncation\":{\"max_length\":99},\"model\":{}}");
    assertEquals(99, open().facts().maxTokens());
  }

  @ParameterizedTest
  @CsvSource({
    "engine=OnnxRuntime, engine must be PyTorch",
    "pooling=lasttoken, 'mean, cls and max, got: lasttoken'",
    "dense=2_Dense, dense is not supported",
    "layerNorm=x, layerNorm is not supported",
    "int32=true, int32 is not supported",
    "maxLength=2, maxLength must be a number of at least 3 tokens",
    "maxLength=many, maxLength must be a number of at least 3 tokens",
    "x=\\u00zz, must be Java properties",
  })
  void refusesOtherSettingsByName(String setting, String expected) throws IOException {
    Files.writeString(folder.resolve("serving.properties"), setting);
    String message = Refusal.of(this::open);
    assertTrue(message.contains("serving.properties"), message);
    assertTrue(message.contains(expected), message);
  }

  @Test
  void needsOneModuleAndATokenizer() throws IOException {
    Files.move(folder.resolve("traced.pt"), folder.resolve("a.pt"));
    assertEquals(folder.resolve("a.pt"), open().module(), "the only one");
    Files.writeString(folder.resolve("b.pt"), "module");
    assertTrue(Refusal.of(this::open).contains("must hold one .pt file or one named traced.pt"));
    Files.delete(folder.resolve("b.pt"));
    Files.delete(folder.resolve("tokenizer.json"));
    assertTrue(Refusal.of(this::open).contains("must hold tokenizer.json"));
  }

  @Test
  void propertiesThatAreNoTextAreToldOnce() throws IOException {
    Files.write(folder.resolve("serving.properties"), new byte[] {(byte) 0xff});
    assertEquals(
        folder.resolve("serving.properties") + " must be UTF-8 text, got other bytes",
        Refusal.of(this::open));
  }
}
