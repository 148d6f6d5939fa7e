package io.github.semblance.springai;

import io.github.semblance.index.Quantization;
import io.github.semblance.search.SearchMode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the vector store is and how it answers. Immutable.
 *
 * @param path folder of the index; there is a vector store only if this is set
 * @param mode what documents are found by: semantic for meaning, bm25 for words, hybrid for both
 * @param analyzer analyzer that a new index turns words into terms with, such as english or
 *     standard
 * @param quantization how a new index keeps vectors for the search
 * @param modelName what the index notes of a model that is not Semblance's; the model's class if
 *     not set
 */
@ConfigurationProperties("semblance.vectorstore")
public record SemblanceVectorStoreProperties(
    Path path,
    @DefaultValue("semantic") SearchMode mode,
    @DefaultValue("english") String analyzer,
    @DefaultValue("none") Quantization quantization,
    @Nullable String modelName) {}
