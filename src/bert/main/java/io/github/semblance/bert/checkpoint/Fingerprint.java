package io.github.semblance.bert.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * SHA-256 over what determines a model's vectors: the same weights give the same fingerprint in
 * whatever format they are kept.
 *
 * <p>Covered are the tensors by canonical name, the tokenizer without its truncation and padding
 * (which Semblance sets itself), and those facts that change a vector. Name and cosine floor are
 * not.
 */
public final class Fingerprint {
  private final MessageDigest digest = sha256();

  private Fingerprint() {}

  /**
   * A fingerprint that also covers one more fact, such as the precision of the arithmetic.
   *
   * @param fingerprint of a {@link BertModel}
   * @param fact name of the fact
   * @param value its value
   * @return lower-case hexadecimal
   */
  public static String extend(String fingerprint, String fact, String value) {
    Fingerprint extended = new Fingerprint();
    extended.add(fingerprint);
    extended.add(fact);
    extended.add(value);
    return extended.toHex();
  }

  /** The fingerprint of a model that our own encoder runs. */
  static String of(EncoderWeights weights, String tokenizerJson, Checkpoint.Facts facts)
      throws CheckpointException {
    return of(weights, List.of(), tokenizerJson, facts);
  }

  /**
   * The fingerprint of a model that our own encoder runs, with linear layers over the pooled
   * vector. What only some models have is added only for them, so that a BERT without such layers
   * has the fingerprint that it would have if nothing else existed.
   */
  static String of(
      EncoderWeights weights, List<Dense> dense, String tokenizerJson, Checkpoint.Facts facts)
      throws CheckpointException {
    Fingerprint fingerprint = new Fingerprint();
    BertConfig config = weights.config();
    fingerprint.add(
        Map.of(
            "heads", config.heads(),
            "activation", config.activation().name(),
            "epsilon", config.layerNormEpsilon()));
    if (!(config.architecture() instanceof Architecture.Bert)) {
      fingerprint.add(
          Map.of(
              "architecture", config.architecture().modelType(),
              "unusedPositions", config.architecture().unusedPositions()));
    }
    new TreeMap<>(weights.tensors()).values().forEach(fingerprint::add);
    for (Dense layer : dense) {
      fingerprint.add(Map.of("dense", layer.activation().name()));
      fingerprint.add(layer.weight());
      layer.bias().ifPresent(fingerprint::add);
    }
    return fingerprint.finish(tokenizerJson, facts);
  }

  /** The fingerprint of a model whose program is as opaque as its weights. */
  static String of(
      ByteBuffer module, boolean tokenTypes, String tokenizerJson, Checkpoint.Facts facts)
      throws CheckpointException {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.add(Map.of("tokenTypes", tokenTypes));
    fingerprint.add(module);
    return fingerprint.finish(tokenizerJson, facts);
  }

  private String finish(String tokenizerJson, Checkpoint.Facts facts) throws CheckpointException {
    add(TokenizerJson.canonical("tokenizer.json", tokenizerJson));
    add(
        Map.of(
            "maxTokens", facts.maxTokens(),
            "pooling", facts.pooling().name(),
            "normalized", facts.normalized(),
            "queryPrefix", facts.queryPrefix(),
            "passagePrefix", facts.passagePrefix()));
    return toHex();
  }

  private void add(Tensor tensor) {
    add(tensor.name());
    add(tensor.shape().toString());
    add(tensor.data());
  }

  private void add(Map<String, Object> facts) {
    add(JsonMapper.shared().writeValueAsString(new TreeMap<>(facts)));
  }

  private void add(String text) {
    add(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** The length first, so that no two sequences of values read alike. */
  private void add(ByteBuffer bytes) {
    digest.update(
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(0, bytes.remaining()));
    digest.update(bytes.duplicate());
  }

  private String toHex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
  }
}
