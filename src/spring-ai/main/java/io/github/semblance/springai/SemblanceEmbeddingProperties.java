package io.github.semblance.springai;

import io.github.semblance.bert.Precision;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.MetadataMode;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the embedding model is made. Immutable.
 *
 * @param model name of the model, a folder, hf:ORG/NAME or mvn:GROUP:ARTIFACT:VERSION; it must be
 *     on this machine
 * @param precision arithmetic of the linear layers
 * @param threads threads that embed documents; one per processor if not set
 * @param failOnTruncation whether a text beyond the model's window is refused instead of cut with a
 *     warning
 * @param metadataMode what of a document's metadata is embedded with its text
 */
@ConfigurationProperties("semblance.embedding")
public record SemblanceEmbeddingProperties(
    @DefaultValue("all-MiniLM-L6-v2") String model,
    @DefaultValue("fp32") Precision precision,
    @Nullable Integer threads,
    @DefaultValue("false") boolean failOnTruncation,
    @DefaultValue("none") MetadataMode metadataMode) {}
