package io.github.semblance.bert.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A model in a folder: in the layout of the Hugging Face hub, or in DJL's.
 *
 * @param folder holds {@code config.json} or a {@code .pt} file
 * @param card the catalogue's facts, which win over those of the folder's files
 * @param fetchedFrom in words, where the folder's content was fetched from; empty for a folder of
 *     the user's own
 */
record ModelFolder(Path folder, Optional<CatalogueEntry> card, Optional<String> fetchedFrom)
    implements ModelLocation {
  /** In order of preference. */
  private static final List<String> WEIGHTS =
      List.of("model.safetensors", "model.safetensors.index.json", "model.onnx", "onnx/model.onnx");

  @Override
  public String where() {
    return folder.toString();
  }

  @Override
  public Optional<Stamp> stamp() throws CheckpointException {
    return Optional.of(Stamp.ofFolder(folder, card.toString()));
  }

  @Override
  public BertModel open(String name, FingerprintCache fingerprints, ModelTrust trust)
      throws CheckpointException {
    if (findWeights(SentenceTransformersFacts.transformer(folder)).isEmpty()) {
      Optional<Path> module = TorchScriptFolder.findModule(folder);
      if (module.isPresent()) {
        requireTrust(module.get(), trust);
        return TorchScriptFolder.open(name, folder, module.get(), stamp(), fingerprints);
      }
    }
    if (!Files.exists(folder.resolve("config.json"))
        && !Files.exists(folder.resolve("modules.json"))) {
      throw new CheckpointException(
          folder
              + " must hold config.json (a model in the layout of the Hugging Face hub) or one .pt"
              + " file (a TorchScript module for DJL), got neither");
    }
    SentenceTransformersFacts read = SentenceTransformersFacts.read(folder);
    if (!read.namesPooling()) {
      refuseClassifier(read.transformer().resolve("config.json"));
    }
    Checkpoint.Facts facts = card.map(CatalogueEntry::facts).orElse(read.facts());
    String tokenizer = tokenizer(read.transformer());
    if (read.lowerCase()) {
      tokenizer = TokenizerJson.lowerCased(read.transformer().toString(), tokenizer);
    }
    String tokenizerJson = tokenizer;
    EncoderWeights weights = weights(read.transformer());
    requireIdsWithin(read.transformer(), tokenizerJson, weights.config());
    List<Dense> dense = dense(read.dense(), weights.config().hidden());
    String fingerprint =
        fingerprints.get(stamp(), () -> Fingerprint.of(weights, dense, tokenizerJson, facts));
    return new Checkpoint(
        name, weights.config(), weights.tensors(), dense, tokenizerJson, facts, fingerprint);
  }

  @Override
  public Checkpoint openScorer(String name) throws CheckpointException {
    SentenceTransformersFacts read = SentenceTransformersFacts.read(folder);
    Path configFile = read.transformer().resolve("config.json");
    String json = JsonFile.text(configFile);
    BertConfig config = ConfigJson.parse(configFile.toString(), json);
    ScoringHead.require(configFile.toString(), Json.parseObject(configFile.toString(), json));
    ScoringHead head = ScoringHead.of(config.architecture());
    Path weights = read.transformer().resolve("model.safetensors");
    if (!Files.exists(weights)) {
      throw new CheckpointException(
          read.transformer() + " must hold model.safetensors to be a cross-encoder, got none");
    }
    EncoderWeights all = EncoderWeights.readWithHead(weights, config, head.shapes(config.hidden()));
    String tokenizer = tokenizer(read.transformer());
    requireIdsWithin(read.transformer(), tokenizer, config);
    Checkpoint.Facts facts =
        new Checkpoint.Facts(read.facts().maxTokens(), Pooling.CLS, false, "", "", 0);
    List<Dense> layers = head.layers(all.tensors());
    return new Checkpoint(
        name,
        config,
        all.tensors(),
        layers,
        tokenizer,
        facts,
        Fingerprint.of(all, layers, tokenizer, facts));
  }

  /** Its vectors would mean nothing, and nobody has said how to pool them. */
  private static void refuseClassifier(Path config) throws CheckpointException {
    JsonNode json = Json.parseObject(config.toString(), JsonFile.text(config));
    if (ScoringHead.isIn(json)) {
      throw new CheckpointException(
          config
              + ": a model that embeds must be an encoder, got: "
              + Json.excerpt(json.path("architectures"))
              + ", which scores texts; name it after --rerank if it is a cross-encoder");
    }
  }

  private static List<Dense> dense(List<Path> folders, int pooled) throws CheckpointException {
    List<Dense> layers = new ArrayList<>();
    int width = pooled;
    for (Path folder : folders) {
      Dense layer = Dense.read(folder, width);
      layers.add(layer);
      width = layer.out();
    }
    return List.copyOf(layers);
  }

  private void requireTrust(Path module, ModelTrust trust) throws CheckpointException {
    String program = module + " is a TorchScript module, a program that could do anything: ";
    if (fetchedFrom.isPresent()) {
      throw new CheckpointException(
          program
              + "one that came from "
              + fetchedFrom.get()
              + " is never run; take a revision with model.safetensors or model.onnx, or, if you"
              + " trust whoever made it, copy the files to a folder of your own and name that");
    }
    if (trust != ModelTrust.TORCHSCRIPT) {
      throw new CheckpointException(
          program
              + "it is run only when you say so; take model.safetensors or model.onnx, or, if you"
              + " trust whoever made it, add --allow-torchscript (in Java,"
              + " BertEmbedder.Options.withTrust(ModelTrust.TORCHSCRIPT))");
    }
  }

  /** The file of weights, in order of preference. */
  private Optional<Path> findWeights(Path transformer) {
    for (String name : WEIGHTS) {
      // ONNX exports stand beside modules.json even where the transformer has its own folder.
      for (Path file : List.of(transformer.resolve(name), folder.resolve(name))) {
        if (Files.exists(file)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  private EncoderWeights weights(Path transformer) throws CheckpointException {
    Path configFile = transformer.resolve("config.json");
    BertConfig config = ConfigJson.parse(configFile.toString(), JsonFile.text(configFile));
    Optional<Path> found = findWeights(transformer);
    if (found.isPresent()) {
      Path file = found.get();
      return file.toString().endsWith(".onnx")
          ? EncoderWeights.readOnnx(file.toString(), OffHeap.map(file), config)
          : EncoderWeights.readSafetensors(file, config);
    }
    String advice =
        Files.exists(transformer.resolve("pytorch_model.bin"))
            ? "; pytorch_model.bin is a pickle, which can run any code, and is not read: use a"
                + " revision with model.safetensors"
            : "";
    throw new CheckpointException(
        transformer + " must hold one of " + String.join(", ", WEIGHTS) + ", got none" + advice);
  }

  private static void requireIdsWithin(Path transformer, String tokenizer, BertConfig config)
      throws CheckpointException {
    Path json = transformer.resolve("tokenizer.json");
    Path file = Files.exists(json) ? json : transformer.resolve("vocab.txt");
    TokenIds.requireWithin(file.toString(), tokenizer, config.vocabulary());
  }

  /** The transformer's {@code tokenizer.json}, as its other files want it. */
  static String tokenizer(Path transformer) throws CheckpointException {
    TokenizerConfig config = TokenizerConfig.read(transformer);
    Path file = transformer.resolve("tokenizer.json");
    if (Files.exists(file)) {
      return config.applied(file.toString(), JsonFile.text(file));
    }
    Path vocabulary = transformer.resolve("vocab.txt");
    if (!Files.exists(vocabulary)) {
      throw new CheckpointException(
          transformer + " must hold tokenizer.json or vocab.txt, got neither");
    }
    config.requireWordPieces();
    return config.applied(
        vocabulary.toString(),
        TokenizerJson.ofVocabulary(
            vocabulary.toString(), JsonFile.text(vocabulary), config.normalization()));
  }
}
