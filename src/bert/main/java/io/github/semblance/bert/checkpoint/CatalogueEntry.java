package io.github.semblance.bert.checkpoint;

import java.util.List;
import java.util.Map;

/**
 * What is known of a model before it is here.
 *
 * @param name what users call it
 * @param maven coordinates of the jar with its weights, {@code GROUP:ARTIFACT:VERSION}; empty for a
 *     model that comes from the hub
 * @param weights entry of the jar with the weights: a {@code .onnx} graph, or a ZIP of a TensorFlow
 *     SavedModel; empty without a jar
 * @param tokenizer entry of the jar with the {@code tokenizer.json}; empty where the SavedModel
 *     holds the vocabulary
 * @param hub its repository on the Hugging Face hub, {@code ORG/NAME}
 * @param configJson the part of the hub's {@code config.json} that shapes the encoder
 * @param dimension length of its vectors
 * @param facts of its model card
 * @param downloadBytes size of the jar, or of the weights on the hub
 * @param licence SPDX identifier of the weights' licence
 * @param languages ISO 639 codes of the languages that the model was made for
 * @param sources where each fact was found
 */
public record CatalogueEntry(
    String name,
    String maven,
    String weights,
    String tokenizer,
    String hub,
    String configJson,
    int dimension,
    Checkpoint.Facts facts,
    long downloadBytes,
    String licence,
    List<String> languages,
    Map<String, String> sources) {}
