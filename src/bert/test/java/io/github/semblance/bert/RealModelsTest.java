package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.semblance.bert.checkpoint.CatalogueEntry;
import io.github.semblance.bert.checkpoint.Checkpoint;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.ModelCatalogue;
import io.github.semblance.bert.checkpoint.ModelDescription;
import io.github.semblance.bert.checkpoint.ModelStore;
import io.github.semblance.bert.checkpoint.Tensor;
import io.github.semblance.embed.Embedding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipFile;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.custom.CustomAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.util.VectorUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Real checkpoints against published figures and against ONNX Runtime. all-MiniLM-L6-v2 is always
 * here; tests of the other models are skipped unless {@code semblance models pull} has fetched
 * them.
 */
final class RealModelsTest {
  private static final List<String> WORKSHOP =
      List.of(
          "Yes, we will keep all the materials after the course finishes.",
          "You can follow the course at your own pace after it finishes");

  @Test
  void miniLmAgreesWithItsModelCard() throws CheckpointException {
    try (BertEmbedder embedder = BertEmbedder.load("all-MiniLM-L6-v2")) {
      String happy = "That is a happy person";
      assertEquals(0.6946, cosine(embedder, happy, "That is a happy dog"), 5e-5);
      assertEquals(0.9429, cosine(embedder, happy, "That is a very happy person"), 5e-5);
      assertEquals(0.2569, cosine(embedder, happy, "Today is a sunny day"), 5e-5);
      assertEquals(0.4839, cosine(embedder, WORKSHOP.get(0), WORKSHOP.get(1)), 5e-5);
    }
  }

  @Test
  void luceneFindsTheModelByName() throws IOException {
    try (Analyzer analyzer =
            CustomAnalyzer.builder()
                .withTokenizer("wordPiece", "model", "all-MiniLM-L6-v2")
                .build();
        TokenStream tokens = analyzer.tokenStream("text", "enrolment")) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      List<String> pieces = new ArrayList<>();
      tokens.reset();
      while (tokens.incrementToken()) {
        pieces.add(term.toString());
      }
      tokens.end();
      assertEquals(List.of("en", "##rol", "##ment"), pieces);
    }
  }

  /**
   * The integration test of Hugging Face's transformers for bert-base-uncased: the first id is
   * masked, so the others attend to each other only, at positions from 1.
   */
  @Test
  void bertBaseAgreesWithTheIntegrationTestOfTransformers() throws CheckpointException {
    Checkpoint checkpoint = open("bert-base-uncased");
    long[] ids = {345, 232, 328, 740, 140, 1695, 69, 6078, 1588, 2};
    TorchRuntime.start();
    try (BertModule module =
        new BertModule(checkpoint, checkpoint.facts(), BertModule.Kernels.PLAIN)) {
      float[][] states = module.hiddenStates(ids, 1);
      float[][] expected = {
        {0.4249f, 0.1008f, 0.7531f}, {0.3771f, 0.1188f, 0.7467f}, {0.4152f, 0.1098f, 0.7108f}
      };
      for (int token = 0; token < expected.length; token++) {
        assertArrayEquals(
            expected[token], Arrays.copyOfRange(states[token], 1, 4), 5e-5f, "token " + token);
      }
    }
  }

  @Test
  void bertBaseGivesTheWorkshopsCosine() throws CheckpointException {
    try (BertEmbedder embedder =
        BertEmbedder.load(open("bert-base-uncased"), BertEmbedder.Options.defaults())) {
      List<Embedding> embeddings = embedder.embedPassages(WORKSHOP);
      assertEquals(768, embeddings.get(0).vector().length);
      assertEquals(
          0.7388, VectorUtil.cosine(embeddings.get(0).vector(), embeddings.get(1).vector()), 5e-5);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"all-MiniLM-L6-v2", "bge-small-en-v1.5", "e5-small-v2"})
  void vectorsAgreeWithOnnxRuntime(String model) throws IOException, OrtException {
    Checkpoint checkpoint = open(model);
    Checkpoint.Facts facts = checkpoint.facts();
    List<String> texts = sampleTexts(50);
    double worst = 0;
    double rounded = 0;
    try (BertEmbedder embedder = BertEmbedder.load(checkpoint, BertEmbedder.Options.defaults());
        BertModule module = BertModule.load(checkpoint, facts, Precision.FP32);
        WordPieceEncoder tokenizer =
            new WordPieceEncoder("tokenizer.json", checkpoint.tokenizerJson(), facts.maxTokens());
        OrtSession session = OrtEnvironment.getEnvironment().createSession(onnx(model))) {
      List<Embedding> ours = embedder.embedPassages(texts);
      QueryEncoder queries = module.forQueries().encoders().get(0);
      for (int i = 0; i < texts.size(); i++) {
        long[] ids = tokenizer.encode(facts.passagePrefix() + texts.get(i)).ids;
        double[] theirs = pool(facts, run(session, ids));
        float[] asQuery = queries.embed(ids, 2);
        for (int d = 0; d < theirs.length; d++) {
          worst = Math.max(worst, Math.abs(theirs[d] - ours.get(i).vector()[d]));
          rounded = Math.max(rounded, Math.abs(theirs[d] - asQuery[d]));
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%s: largest difference from ONNX Runtime %.1e, of queries %.1e%n",
        model,
        worst,
        rounded);
    assertTrue(worst < 1e-5, model + " differs by " + worst);
    assertTrue(rounded < 4e-5, model + " differs in queries by " + rounded);
  }

  @ParameterizedTest
  @CsvSource({
    "all-MiniLM-L6-v2, 0.995, 0.998",
    "bge-small-en-v1.5, 0.995, 0.998",
    "e5-small-v2, 0.995, 0.998",
    "bert-base-uncased, 0.985, 0.995"
  })
  void int8VectorsStayCloseToThoseOfFullPrecision(String model, double least, double median)
      throws IOException {
    Checkpoint checkpoint = open(model);
    BertEmbedder.Options options = BertEmbedder.Options.defaults();
    List<String> texts = sampleTexts(50);
    List<Embedding> exact;
    try (BertEmbedder fp32 = BertEmbedder.load(checkpoint, options)) {
      exact = fp32.embedPassages(texts);
    }
    double[] cosines = new double[texts.size()];
    try (BertEmbedder int8 = BertEmbedder.load(checkpoint, options.withPrecision(Precision.INT8))) {
      assertNotEquals(checkpoint.fingerprint(), int8.model().fingerprint());
      List<Embedding> coarse = int8.embedPassages(texts);
      for (int i = 0; i < cosines.length; i++) {
        cosines[i] = VectorUtil.cosine(exact.get(i).vector(), coarse.get(i).vector());
      }
    }
    Arrays.sort(cosines);
    System.out.printf(
        Locale.ROOT,
        "%s: int8 cosine at least %.4f, median %.4f%n",
        model,
        cosines[0],
        cosines[cosines.length / 2]);
    assertTrue(cosines[0] > least && cosines[cosines.length / 2] > median, model);
  }

  @Test
  void theSameWeightsInAnotherFormatGiveTheSameVectors(@TempDir Path folder) throws IOException {
    Checkpoint onnx = open("all-MiniLM-L6-v2");
    writeAsSafetensors(onnx, folder);
    Checkpoint safetensors = (Checkpoint) ModelStore.system().open(folder.toString());
    assertEquals(onnx.fingerprint(), safetensors.fingerprint());
    List<String> texts = sampleTexts(10);
    try (BertEmbedder one = BertEmbedder.load(onnx, BertEmbedder.Options.defaults());
        BertEmbedder other = BertEmbedder.load(safetensors, BertEmbedder.Options.defaults())) {
      List<Embedding> expected = one.embedPassages(texts);
      List<Embedding> actual = other.embedPassages(texts);
      for (int i = 0; i < texts.size(); i++) {
        assertArrayEquals(expected.get(i).vector(), actual.get(i).vector());
      }
    }
  }

  private static Checkpoint open(String model) throws CheckpointException {
    ModelDescription description = ModelStore.system().describe(model);
    assumeTrue(
        description.isHere(),
        model + " is not here: `./semblance models pull " + model + "` fetches it");
    return (Checkpoint) ModelStore.system().open(model);
  }

  /** Real texts from a few words to more than a window. */
  private static List<String> sampleTexts(int count) throws IOException {
    List<String> texts = new ArrayList<>();
    for (JsonNode entry :
        JsonMapper.shared().readTree(Files.readString(Path.of("data/faq/documents.json")))) {
      String question = entry.get("question").asString();
      texts.add(texts.size() % 3 == 0 ? question : question + "\n" + entry.get("text").asString());
      if (texts.size() == count) {
        break;
      }
    }
    return texts;
  }

  private static byte[] onnx(String model) throws IOException {
    CatalogueEntry entry = ModelCatalogue.byName(model).orElseThrow();
    try (InputStream in =
        RealModelsTest.class.getResourceAsStream("/META-INF/semblance/" + entry.weights())) {
      if (in != null) {
        return in.readAllBytes();
      }
    }
    String jar = ModelStore.system().describe(model).location().orElseThrow();
    try (ZipFile zip = new ZipFile(jar);
        InputStream in = zip.getInputStream(zip.getEntry(entry.weights()))) {
      return in.readAllBytes();
    }
  }

  private static float[][] run(OrtSession session, long[] ids) throws OrtException {
    long[] ones = new long[ids.length];
    Arrays.fill(ones, 1);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OnnxTensor input = OnnxTensor.createTensor(environment, new long[][] {ids});
        OnnxTensor mask = OnnxTensor.createTensor(environment, new long[][] {ones});
        OnnxTensor types =
            OnnxTensor.createTensor(environment, new long[][] {new long[ids.length]});
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", input, "attention_mask", mask, "token_type_ids", types))) {
      return ((float[][][]) result.get(0).getValue())[0];
    }
  }

  private static double[] pool(Checkpoint.Facts facts, float[][] states) {
    double[] vector = new double[states[0].length];
    for (int d = 0; d < vector.length; d++) {
      double sum = 0;
      for (float[] state : states) {
        sum += state[d];
      }
      vector[d] =
          switch (facts.pooling()) {
            case MEAN -> sum / states.length;
            case CLS -> states[0][d];
            case MAX -> throw new AssertionError("no known model pools by maximum");
          };
    }
    double length = Math.sqrt(Arrays.stream(vector).map(x -> x * x).sum());
    return Arrays.stream(vector).map(x -> facts.normalized() ? x / length : x).toArray();
  }

  private static void writeAsSafetensors(Checkpoint checkpoint, Path folder) throws IOException {
    Map<String, Tensor> tensors = new TreeMap<>(checkpoint.weights());
    ObjectNode header = JsonMapper.shared().createObjectNode();
    long offset = 0;
    for (Tensor tensor : tensors.values()) {
      ObjectNode entry = header.putObject("bert." + tensor.name()).put("dtype", "F32");
      tensor.shape().forEach(entry.putArray("shape")::add);
      entry.putArray("data_offsets").add(offset).add(offset + tensor.data().remaining());
      offset += tensor.data().remaining();
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    try (FileChannel file =
        FileChannel.open(
            folder.resolve("model.safetensors"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).flip());
      file.write(ByteBuffer.wrap(json));
      for (Tensor tensor : tensors.values()) {
        file.write(tensor.data().duplicate());
      }
    }
    CatalogueEntry entry = ModelCatalogue.byName("all-MiniLM-L6-v2").orElseThrow();
    Files.writeString(folder.resolve("config.json"), entry.configJson());
    Files.writeString(folder.resolve("tokenizer.json"), checkpoint.tokenizerJson());
    Files.writeString(
        folder.resolve("modules.json"),
        """
        [{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},
         {"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"},
         {"idx":2,"name":"2","path":"2_Normalize","type":"sentence_transformers.models.Normalize"}]
        """);
    Files.writeString(folder.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 256}");
    Files.createDirectory(folder.resolve("1_Pooling"));
    Files.writeString(
        folder.resolve("1_Pooling/config.json"),
        "{\"word_embedding_dimension\": 384, \"pooling_mode_mean_tokens\": true}");
    Files.createDirectory(folder.resolve("2_Normalize"));
  }

  /** Of passages: queries may be answered with weights of 16 bits, a comparison of its own. */
  private static double cosine(BertEmbedder embedder, String one, String other) {
    List<Embedding> both = embedder.embedPassages(List.of(one, other));
    return VectorUtil.cosine(both.get(0).vector(), both.get(1).vector());
  }
}
