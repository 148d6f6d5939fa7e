package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.semblance.bert.checkpoint.BertModel;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.ModelStore;
import io.github.semblance.bert.checkpoint.ModelTrust;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder as DJL's users have it: a module traced elsewhere, a tokenizer and its properties. */
@SuppressWarnings("NullAway.Init") // the folder is set before each test
final class TracedModuleTest {
  /** Its hidden state of a token is its id in thousands, the square of that, and the mask. */
  private static final String SOURCE =
      """
      class Traced(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Traced, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
          x = torch.div(torch.to(input_ids, 6), 1000.)
          return torch.stack([x, torch.mul(x, x), torch.to(attention_mask, 6)], 2)
      """;

  /** What a hostile one would do, as soon as it is loaded. */
  private static final String HOSTILE =
      """
      class Traced(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Traced, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
          ops.aten.save(input_ids, "PRECIOUS")
          return torch.stack([torch.to(input_ids, 6), torch.to(attention_mask, 6)], 2)
      """;

  private static final BertEmbedder.Options TRUSTING =
      BertEmbedder.Options.defaults().withTrust(ModelTrust.TORCHSCRIPT);

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.write(
        folder.resolve("traced.pt"),
        TorchScriptArchive.of("Traced", SOURCE, Map.of("training", false)));
    Files.writeString(folder.resolve("tokenizer.json"), RandomCheckpoint.tokenizerJson());
    Files.writeString(
        folder.resolve("serving.properties"),
        "pooling=mean\nnormalize=false\nmaxLength=64\nincludeTokenTypes=false\n");
  }

  @Test
  void textsOfAllLengthsArePooledOverTheirOwnTokens() throws IOException {
    try (BertEmbedder embedder = BertEmbedder.load(folder.toString(), TRUSTING)) {
      // [CLS] 101, "late" 2397, [SEP] 102
      assertArrayEquals(
          new float[] {
            (0.101f + 2.397f + 0.102f) / 3,
            (0.101f * 0.101f + 2.397f * 2.397f + 0.102f * 0.102f) / 3,
            1
          },
          embedder.embedQuery("late").vector(),
          1e-5f);
      List<String> texts = List.of("late", "late late late", "", "late");
      List<Embedding> together = embedder.embedPassages(texts);
      for (int i = 0; i < texts.size(); i++) {
        assertArrayEquals(
            embedder.embedQuery(texts.get(i)).vector(), together.get(i).vector(), 1e-6f);
      }
    }
  }

  @Test
  void aProgramDoesNothingUnlessItIsTrusted(@TempDir Path elsewhere) throws IOException {
    Path precious = Files.writeString(elsewhere.resolve("precious.txt"), "precious");
    Files.write(
        folder.resolve("traced.pt"),
        TorchScriptArchive.of(
            "Traced",
            HOSTILE.replace("PRECIOUS", precious.toString().replace('\\', '/')),
            Map.of("training", false)));
    for (ModelTrust trust : new ModelTrust[] {ModelTrust.INSTALLED, ModelTrust.WEIGHTS}) {
      BertEmbedder.Options options = BertEmbedder.Options.defaults().withTrust(trust);
      assertThrows(CheckpointException.class, () -> BertEmbedder.load(folder.toString(), options));
      BertModel opened = ModelStore.system().open(folder.toString(), ModelTrust.TORCHSCRIPT);
      String message =
          assertThrows(EmbeddingException.class, () -> BertEmbedder.load(opened, options))
              .getMessage();
      assertEquals(
          folder.resolve("traced.pt")
              + " is a TorchScript module, a program that could do anything: it is run only with"
              + " BertEmbedder.Options.withTrust(ModelTrust.TORCHSCRIPT), got: "
              + trust,
          message);
    }
    assertEquals("precious", Files.readString(precious));
    BertEmbedder.load(folder.toString(), TRUSTING).close();
    assertNotEquals("precious".length(), Files.size(precious), "which is why it must be trusted");
  }

  @Test
  void anotherPrecisionIsRefused() throws IOException {
    BertEmbedder.Options int8 = TRUSTING.withPrecision(Precision.INT8);
    assertEquals(
        "a traced TorchScript module runs as it was traced: precision must be fp32, got: INT8",
        assertThrows(EmbeddingException.class, () -> BertEmbedder.load(folder.toString(), int8))
            .getMessage());
  }
}
