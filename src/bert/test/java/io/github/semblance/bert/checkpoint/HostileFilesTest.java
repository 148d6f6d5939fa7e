package io.github.semblance.bert.checkpoint;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files get a {@link CheckpointException}, or are read if the damage hit nothing that
 * matters; nothing else may happen.
 *
 * <p>{@code -Dsemblance.mutants=20000} tries more files of each format, {@code
 * -Dsemblance.fuzz.seed=7} others.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS) // a reader that never ends
class HostileFilesTest {
  private static final int INPUTS = Integer.getInteger("semblance.mutants", 1000);
  private static final long SEED = Long.getLong("semblance.fuzz.seed", 1);

  private final Map<String, float[]> weights = TinyBert.weights();

  private interface Reading {
    /** Reads a damaged file, which it first leaves with the witness. */
    void read(Mutator mutator, Witness witness) throws IOException;
  }

  /** Keeps the last file, to be shown when it breaks the reader. */
  private static final class Witness {
    private byte[] file = {};

    byte[] see(byte[] damaged) {
      file = damaged;
      return damaged;
    }
  }

  @Test
  void safetensors() {
    byte[] file = SafetensorsFile.of(weights).toBytes();
    byte[] header = SafetensorsFile.of(Map.of()).toBytes();
    fuzz(
        "safetensors",
        (mutator, witness) ->
            SafetensorsFile.read(witness.see(mutator.damage(mutator.oneIn(10) ? header : file))));
  }

  @Test
  void onnx() {
    byte[] file = OnnxFile.of(weights).toBytes();
    fuzz(
        "ONNX",
        (mutator, witness) ->
            EncoderWeights.readOnnx(
                "fuzzed.onnx",
                TinyBert.offHeap(witness.see(mutator.damage(file))),
                mutator.oneIn(2) ? TinyBert.CONFIG : null));
  }

  @Test
  void tensorFlow() {
    TensorBundleFiles files = TensorBundleFiles.of(weights);
    byte[] index = files.index();
    byte[] data = files.data.toByteArray();
    fuzz(
        "TensorFlow",
        (mutator, witness) -> {
          byte[] damagedIndex = index;
          byte[] damagedData = data;
          if (mutator.oneIn(8)) {
            damagedIndex = mutator.damage(index);
          } else if (mutator.oneIn(8)) {
            damagedData = mutator.damage(data);
          } else if (mutator.oneIn(2)) { // below the checksums of blocks, which hide the rest
            damagedIndex = files.index(block -> mutator.oneIn(3) ? mutator.damage(block) : block);
          } else {
            TensorBundleFiles damaged = new TensorBundleFiles();
            files.entries.forEach(
                (name, entry) ->
                    damaged.entries.put(name, mutator.oneIn(20) ? mutator.damage(entry) : entry));
            damagedIndex = damaged.index();
          }
          TensorBundleFiles.read(witness.see(damagedIndex), damagedData);
        });
  }

  /**
   * The small files beside the weights, in both layouts, through the door that users come in by.
   */
  @Test
  void configurations(@TempDir Path home) throws IOException {
    Map<String, String> sound = new LinkedHashMap<>();
    sound.put("config.json", TinyFolder.CONFIG);
    sound.put(
        "modules.json",
        """
        [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
         {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
         {"idx": 2, "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]
        """);
    sound.put(
        "1_Pooling/config.json",
        """
        {"word_embedding_dimension": 8, "pooling_mode_cls_token": false,
         "pooling_mode_mean_tokens": true, "include_prompt": true}
        """);
    sound.put("sentence_bert_config.json", "{\"max_seq_length\": 10, \"do_lower_case\": true}");
    sound.put(
        "config_sentence_transformers.json",
        "{\"prompts\": {\"query\": \"q: \"}, \"default_prompt_name\": null}");
    sound.put(
        "tokenizer_config.json",
        "{\"do_lower_case\": true, \"model_max_length\": 512, \"strip_accents\": null}");
    sound.put(
        "model.safetensors.index.json",
        "{\"metadata\": {}, \"weight_map\": {\"embeddings.x\": \"shard.safetensors\"}}");
    sound.put("serving.properties", "engine=PyTorch\npooling=cls\nmaxLength=64\n");
    TinyFolder folder = new TinyFolder(home.resolve("model"));
    Files.move(folder.path.resolve("model.safetensors"), folder.path.resolve("shard.safetensors"));
    for (Map.Entry<String, String> file : sound.entrySet()) {
      folder.write(file.getKey(), file.getValue());
    }
    ModelStore store = TinyFolder.store(home);
    store.open(folder.path.toString());
    TinyFolder traced = new TinyFolder(home.resolve("traced")).write("a.pt", "module");
    traced.delete("model.safetensors").write("tokenizer.json", "{\"model\": {}}");
    fuzz(
        "configuration",
        (mutator, witness) -> {
          Map.Entry<String, String> picked = mutator.pick(List.copyOf(sound.entrySet()));
          String name = picked.getKey();
          byte[] text = picked.getValue().getBytes(StandardCharsets.UTF_8);
          byte[] damaged = mutator.oneIn(3) ? mutator.damage(text) : mutator.damageJson(text);
          TinyFolder of = name.endsWith(".properties") ? traced : folder;
          of.write(name, witness.see(damaged));
          try {
            store.open(of.path.toString(), ModelTrust.TORCHSCRIPT);
          } finally {
            of.write(name, text);
          }
        });
  }

  private static void fuzz(String format, Reading reading) {
    Map<String, Integer> outcomes = new TreeMap<>();
    long slowest = 0;
    for (int i = 0; i < INPUTS; i++) {
      Witness witness = new Witness();
      String outcome = "read";
      long start = System.nanoTime();
      try {
        reading.read(new Mutator(SEED * INPUTS + i), witness);
      } catch (CheckpointException e) {
        outcome = "refused";
      } catch (Throwable e) {
        throw new AssertionError(
            String.format(
                Locale.ROOT,
                "%s reader, seed %d, input %d: %s",
                format,
                SEED,
                i,
                HexFormat.of().formatHex(witness.file)),
            e);
      }
      outcomes.merge(outcome, 1, Integer::sum);
      slowest = Math.max(slowest, System.nanoTime() - start);
    }
    System.out.printf(
        Locale.ROOT,
        "%s reader: %d damaged files tried, %s, the slowest took %d ms%n",
        format,
        INPUTS,
        outcomes,
        slowest / 1_000_000);
    assertTrue(outcomes.containsKey("read") && outcomes.containsKey("refused"), outcomes::toString);
  }
}
