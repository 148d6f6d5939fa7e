package io.github.semblance.bert;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.github.semblance.bert.checkpoint.Architecture;
import io.github.semblance.bert.checkpoint.BertConfig;
import io.github.semblance.bert.checkpoint.Checkpoint;
import io.github.semblance.bert.checkpoint.Pooling;
import io.github.semblance.bert.checkpoint.Tensor;
import io.github.semblance.embed.EmbeddingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A BERT encoder with pooling, compiled by libtorch and holding its weights in native memory.
 *
 * <p>Any number of threads may call {@link #embed} at once; each computes on its own thread. The
 * owner must not close the module while a call is running.
 */
final class BertModule implements Encoder, EncoderTensors {
  private static final String CLASS = "BertEncoder";

  private static final Logger LOG = LoggerFactory.getLogger(BertModule.class);

  /** How the linear layers are computed. */
  enum Kernels {
    /** Operators that every build of libtorch has. */
    PLAIN("linear-plain.py"),
    /** oneDNN with packed weights and fused GELU and residual: x86 builds of libtorch. */
    ONEDNN("linear-onednn.py"),
    /** 8-bit weights and 7-bit inputs through oneDNN: x86 builds of libtorch. */
    INT8("linear-int8.py");

    private final String resource;

    Kernels(String resource) {
      this.resource = resource;
    }

    /** The lists of tensors that the source adds to those of the encoder. */
    private List<String> attributes() {
      return this == INT8
          ? List.of("scales", "zeros", "smoothing", "corrections", "codes")
          : List.of();
    }
  }

  private final PtNDManager manager;
  private final PtSymbolBlock block;
  private final Kernels kernels;
  private final BertConfig config;
  private final Pooling pooling;
  private final boolean normalized;

  /** Of passages, which are then computed a layer at a time, or null for libtorch's. */
  private volatile @Nullable Attention attention;

  /**
   * Loads a checkpoint with the fastest kernels that this build of libtorch has.
   *
   * @throws EmbeddingException if it has none of this precision
   */
  static BertModule load(Checkpoint checkpoint, Checkpoint.Facts facts, Precision precision) {
    try {
      return new BertModule(
          checkpoint,
          facts,
          switch (precision) {
            case FP32 -> Kernels.ONEDNN;
            case INT8 -> Kernels.INT8;
          });
    } catch (RuntimeException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.contains("mkldnn") && !message.contains("onednn")) {
        throw e;
      }
      if (precision == Precision.INT8) {
        throw new EmbeddingException(
            "precision int8 needs a libtorch with oneDNN, which this platform's lacks: use fp32",
            e);
      }
      LOG.info("libtorch has no oneDNN linear layers here, using plain ones: {}", message);
      return new BertModule(checkpoint, facts, Kernels.PLAIN);
    }
  }

  /**
   * Compiles the encoder and hands it the weights.
   *
   * @throws RuntimeException from DJL if this libtorch lacks an operator of the kernels
   */
  BertModule(Checkpoint checkpoint, Checkpoint.Facts facts, Kernels kernels) {
    this.kernels = kernels;
    this.config = checkpoint.config();
    this.pooling = facts.pooling();
    this.normalized = facts.normalized();
    this.manager = (PtNDManager) NDManager.newBaseManager(Device.cpu(), "PyTorch");
    boolean complete = false;
    try {
      this.block = compile(kernels);
      configure(checkpoint.config());
      setWeights(checkpoint);
      // Methods are compiled at their first call: an operator that is missing shows here.
      embed(new TokenBatch(List.of(new long[] {0, 0, 0})));
      complete = true;
    } finally {
      if (!complete) {
        manager.close();
      }
    }
  }

  @Override
  public float[][] embed(TokenBatch batch) {
    return embed(batch, null);
  }

  @Override
  public float[][] embedPassages(TokenBatch batch) {
    return embed(batch, attention);
  }

  /** Vectors by place, with attention from elsewhere or, for null, libtorch's. */
  float[][] embed(TokenBatch batch, @Nullable Attention own) {
    try (ForwardPass pass = pass(batch, 0);
        IValue how = IValue.from(pooling.name());
        IValue normalize = IValue.from(normalized)) {
      return own == null
          ? pass.inOneCall("embed", batch.size(), how, normalize)
          : pass.byLayers(own, batch.size(), how, normalize);
    }
  }

  /**
   * The last hidden states of one text.
   *
   * @param firstPosition the position of the first id, 0 unless something before it is masked
   * @return one row per id
   */
  float[][] hiddenStates(long[] ids, int firstPosition) {
    try (ForwardPass pass = pass(new TokenBatch(List.of(ids)), firstPosition)) {
      return pass.inOneCall("hidden", ids.length);
    }
  }

  /** What a batch is computed by. */
  ForwardPass pass(TokenBatch batch, int firstPosition) {
    return new ForwardPass(manager, block, config, batch, firstPosition);
  }

  @Override
  public QueryCandidates forQueries() {
    return VectorApi.encoders(this);
  }

  /** The least difference of an input can round it to another code. */
  @Override
  public boolean preparesBeforePassages() {
    return precision() == Precision.INT8;
  }

  @Override
  public Optional<String> prepareForPassages(BooleanSupplier stopped) {
    AttentionChoice choice = AttentionChoice.of(this, stopped);
    attention = choice.attention();
    return choice.tooEarly() ? Optional.empty() : Optional.of(choice.reason());
  }

  /** For tests: computes passages by this from now on. */
  void use(Attention chosen) {
    attention = chosen;
  }

  @Override
  public Precision precision() {
    return kernels == Kernels.INT8 ? Precision.INT8 : Precision.FP32;
  }

  @Override
  public BertConfig config() {
    return config;
  }

  @Override
  public Pooling pooling() {
    return pooling;
  }

  @Override
  public boolean normalized() {
    return normalized;
  }

  @Override
  public FloatBuffer words() {
    return view(manager, "TABLE", 0);
  }

  @Override
  public FloatBuffer positions() {
    return view(manager, "TABLE", 1);
  }

  @Override
  public float[] copy(Kind kind, int place) {
    try (PtNDManager call = manager.newSubManager(Device.cpu())) {
      FloatBuffer values = view(call, kind.name(), place);
      float[] copy = new float[values.remaining()];
      values.get(copy);
      return copy;
    }
  }

  /** A tensor as it lies in memory, as long as its manager is open. */
  private FloatBuffer view(PtNDManager owner, String kind, int place) {
    try (IValue name = IValue.from(kind);
        IValue index = IValue.from((long) place);
        IValue tensor = IValueUtils.runMethod(block, "tensor", name, index)) {
      return ForwardPass.floats(tensor.toTensor(owner));
    }
  }

  @Override
  public void close() {
    block.close();
    manager.close();
  }

  private PtSymbolBlock compile(Kernels kernels) {
    String declarations =
        kernels.attributes().stream()
            .map(list -> "  " + list + " : List[Tensor]\n")
            .collect(Collectors.joining());
    String source =
        resource("encoder.py").replace("{linear_attributes}\n", declarations)
            + resource(kernels.resource);
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("training", false);
    attributes.put("heads", 0);
    attributes.put("layers", 0);
    attributes.put("epsilon", 0.0);
    attributes.put("activation", "");
    Stream.concat(
            Stream.of("tables", "norms", "linears", "biases", "relative"),
            kernels.attributes().stream())
        .forEach(list -> attributes.put(list, TorchScriptArchive.EMPTY_LIST));
    byte[] archive = TorchScriptArchive.of(CLASS, source, attributes);
    try {
      return JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }

  private void configure(BertConfig config) {
    String activation =
        switch (config.activation()) {
          case GELU_ERF -> "none";
          case GELU_TANH -> "tanh";
          case RELU -> "relu";
        };
    try (IValue heads = IValue.from((long) config.heads());
        IValue layers = IValue.from((long) config.layers());
        IValue epsilon = IValue.from(config.layerNormEpsilon());
        IValue gelu = IValue.from(activation)) {
      IValueUtils.runMethod(block, "configure", heads, layers, epsilon, gelu).close();
    }
  }

  /** The module copies what it is given: the checkpoint's buffers can go. */
  private void setWeights(Checkpoint checkpoint) {
    List<PtNDArray> tables = new ArrayList<>();
    List<PtNDArray> norms = new ArrayList<>();
    List<PtNDArray> linears = new ArrayList<>();
    List<PtNDArray> biases = new ArrayList<>();
    try (PtNDManager call = manager.newSubManager(Device.cpu())) {
      tables.add(array(call, checkpoint.weight("embeddings.word_embeddings.weight")));
      tables.add(array(call, PositionTable.of(checkpoint)));
      if (checkpoint.config().architecture() instanceof Architecture.MpNet) {
        tables.add(array(call, checkpoint.weight("encoder.relative_attention_bias.weight")));
      }
      norms.addAll(arrays(call, checkpoint, "embeddings.LayerNorm"));
      for (int layer = 0; layer < checkpoint.config().layers(); layer++) {
        String prefix = "encoder.layer." + layer + ".";
        String self = prefix + "attention.self.";
        linears.add(array(call, stack(checkpoint, self, "weight")));
        biases.add(array(call, stack(checkpoint, self, "bias")));
        for (String linear : List.of("attention.output", "intermediate", "output")) {
          String name = prefix + linear + ".dense";
          linears.add(array(call, checkpoint.weight(name + ".weight")));
          biases.add(array(call, checkpoint.weight(name + ".bias")));
        }
        norms.addAll(arrays(call, checkpoint, prefix + "attention.output.LayerNorm"));
        norms.addAll(arrays(call, checkpoint, prefix + "output.LayerNorm"));
      }
      try (IValue tableList = list(tables);
          IValue normList = list(norms);
          IValue linearList = list(linears);
          IValue biasList = list(biases)) {
        IValueUtils.runMethod(block, "set_weights", tableList, normList, linearList, biasList)
            .close();
      }
    }
  }

  /** Query, key and value as one linear layer: one wide product is faster than three narrow. */
  private static Tensor stack(Checkpoint checkpoint, String self, String kind) {
    List<Tensor> parts =
        IntStream.range(0, 3)
            .mapToObj(
                i -> checkpoint.weight(self + List.of("query.", "key.", "value.").get(i) + kind))
            .toList();
    ByteBuffer stacked = direct(parts.stream().mapToInt(p -> p.data().remaining()).sum());
    parts.forEach(part -> stacked.put(part.data().duplicate()));
    List<Integer> shape = new ArrayList<>(parts.get(0).shape());
    shape.set(0, 3 * shape.get(0));
    return new Tensor(self + kind, shape, stacked.flip());
  }

  private static List<PtNDArray> arrays(PtNDManager manager, Checkpoint checkpoint, String norm) {
    return List.of(
        array(manager, checkpoint.weight(norm + ".weight")),
        array(manager, checkpoint.weight(norm + ".bias")));
  }

  private static PtNDArray array(PtNDManager manager, Tensor tensor) {
    ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long[] shape = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
    return manager.create(data, new Shape(shape), DataType.FLOAT32);
  }

  private static IValue list(List<PtNDArray> arrays) {
    return IValue.listFrom(arrays.toArray(PtNDArray[]::new));
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  private static String resource(String name) {
    try (InputStream in = BertModule.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource " + name + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading resource " + name + " failed", e);
    }
  }
}
