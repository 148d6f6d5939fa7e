package io.github.semblance.bert.checkpoint;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the tensors that a reader finds, checks each against the shapes that are wanted, and in the
 * end knows what is missing.
 */
final class TensorCollector {
  private static final int NAMES_SHOWN = 3;

  private final String source;

  /** Whose tensors these are: {@code BERT encoder}. */
  private final String owner;

  /** More of that, for what does not belong there. */
  private final String extent;

  private final Map<String, List<Integer>> shapes;
  private final Map<String, Tensor> found = new HashMap<>();
  private ByteBuffer scratch = ByteBuffer.allocateDirect(0);

  /** Takes the tensors of an encoder. */
  TensorCollector(String source, BertConfig config) throws CheckpointException {
    this(source, config, Map.of());
  }

  /**
   * Takes the tensors of an encoder with a head.
   *
   * @param head shapes by the names that the file gives them, without the family's scope
   */
  TensorCollector(String source, BertConfig config, Map<String, List<Integer>> head)
      throws CheckpointException {
    this(
        source,
        config.architecture().title() + " encoder",
        " of " + config.layers() + " layers with absolute positions",
        EncoderLayout.shapes(source, config));
    shapes.putAll(head);
  }

  private TensorCollector(
      String source, String owner, String extent, Map<String, List<Integer>> shapes) {
    this.source = source;
    this.owner = owner;
    this.extent = extent;
    this.shapes = new LinkedHashMap<>(shapes);
  }

  /** Takes the tensors of one linear layer of sentence-transformers. */
  static TensorCollector ofDense(String source, int out, int in, boolean bias) {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    shapes.put(EncoderLayout.DENSE_WEIGHT, List.of(out, in));
    if (bias) {
      shapes.put(EncoderLayout.DENSE_BIAS, List.of(out));
    }
    return new TensorCollector(source, "Dense module", "", shapes);
  }

  /** What is called so in a file, or null for what nobody asked for. */
  @Nullable String canonical(String name) {
    String bare = EncoderLayout.bare(name);
    return shapes.containsKey(bare) ? bare : EncoderLayout.canonical(name);
  }

  /**
   * Checks what a file states about a tensor, before any of its numbers are touched.
   *
   * @param name canonical name
   * @param transposed whether the file holds [in, out] where [out, in] is wanted
   * @return number of elements
   */
  long require(String name, List<Long> shape, boolean transposed) throws CheckpointException {
    List<Integer> wanted = shapes.get(name);
    if (wanted == null) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT, "%s: tensor %s belongs to no %s%s", source, name, owner, extent));
    }
    if (found.containsKey(name)) {
      throw new CheckpointException(source + ": tensor " + name + " is there twice");
    }
    List<Long> oriented = transposed ? shape.reversed() : shape;
    boolean fits = oriented.size() == wanted.size();
    long elements = 1;
    for (int i = 0; fits && i < oriented.size(); i++) {
      long size = oriented.get(i);
      fits = wanted.get(i) == EncoderLayout.ANY ? isSize(size) : wanted.get(i) == size;
      elements *= size; // of two positive ints at most: no overflow
    }
    if (!fits) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: tensor %s must have shape %s as the configuration states, got: %s",
              source,
              name,
              wanted.toString().replace(Integer.toString(EncoderLayout.ANY), "n"),
              oriented));
    }
    return elements;
  }

  private static boolean isSize(long size) {
    return size >= 1 && size <= Integer.MAX_VALUE;
  }

  /**
   * Adds a tensor that {@link #require} has let pass.
   *
   * @param shape as in the file
   * @param data 32-bit floats at an aligned address
   */
  void add(String name, List<Long> shape, boolean transposed, ByteBuffer data)
      throws CheckpointException {
    long elements = require(name, shape, transposed);
    if (data.remaining() != elements * Float.BYTES) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: tensor %s of shape %s must have %d bytes, got: %d",
              source,
              name,
              shape,
              elements * Float.BYTES,
              data.remaining()));
    }
    if (!Floats.allFinite(data)) {
      throw new CheckpointException(
          source + ": tensor " + name + " holds NaN or infinity: the file is damaged");
    }
    List<Integer> sizes = shape.stream().map(Math::toIntExact).toList();
    ByteBuffer oriented = data;
    if (transposed) {
      oriented = Floats.transposed(source, data, sizes.get(0), sizes.get(1), scratch(data));
      sizes = sizes.reversed();
    }
    found.put(name, new Tensor(name, sizes, oriented));
  }

  private ByteBuffer scratch(ByteBuffer matrix) throws CheckpointException {
    if (!matrix.isReadOnly() && scratch.capacity() < matrix.remaining()) {
      scratch = OffHeap.allocate(source, matrix.remaining());
    }
    return scratch;
  }

  /** All tensors, by canonical name, in the order of the computation. */
  Map<String, Tensor> finish() throws CheckpointException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (String name : shapes.keySet()) {
      Tensor tensor = found.get(name);
      if (tensor == null) {
        missing.add(name);
      } else {
        tensors.put(name, tensor);
      }
    }
    if (!missing.isEmpty()) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: %d of %d tensors of a %s are missing: %s%s",
              source,
              missing.size(),
              shapes.size(),
              owner,
              String.join(", ", missing.subList(0, Math.min(NAMES_SHOWN, missing.size()))),
              missing.size() > NAMES_SHOWN ? ", …" : ""));
    }
    return Collections.unmodifiableMap(tensors);
  }
}
