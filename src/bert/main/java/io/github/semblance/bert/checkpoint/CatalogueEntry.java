package io.github.semblance.bert.checkpoint;

import java.util.Map;

/**
 * What is known of a model before it is here.
 *
 * @param name what users call it
 * @param maven coordinates of the jar with its weights, {@code GROUP:ARTIFACT:VERSION}
 * @param weights entry of the jar with the weights: a {@code .onnx} graph, or a ZIP of a TensorFlow
 *     SavedModel
 * @param tokenizer entry of the jar with the {@code tokenizer.json}; empty where the SavedModel
 *     holds the vocabulary
 * @param hub its repository on the Hugging Face hub, {@code ORG/NAME}
 * @param configJson the part of the hub's {@code config.json} that shapes the encoder
 * @param dimension length of its vectors
 * @param facts of its model card
 * @param downloadBytes size of the jar
 * @param licence SPDX identifier of the weights' licence
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
    Map<String, String> sources) {}
