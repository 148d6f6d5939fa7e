package io.github.semblance.springai;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.ai.embedding.BatchingStrategy;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.vectorstore.SpringAIVectorStoreTypes;
import org.springframework.ai.vectorstore.VectorStore;
import org.springframework.ai.vectorstore.observation.VectorStoreObservationConvention;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Makes the vector store where {@code semblance.vectorstore.path} is set, unless the application
 * has one of this class or {@code spring.ai.vectorstore.type} names another than {@code semblance}.
 */
@AutoConfiguration(after = SemblanceEmbeddingAutoConfiguration.class)
@ConditionalOnClass(VectorStore.class)
@ConditionalOnProperty(
    name = SpringAIVectorStoreTypes.TYPE,
    havingValue = "semblance",
    matchIfMissing = true)
@EnableConfigurationProperties(SemblanceVectorStoreProperties.class)
public class SemblanceVectorStoreAutoConfiguration {

  /** For Spring. */
  public SemblanceVectorStoreAutoConfiguration() {}

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  @ConditionalOnProperty("semblance.vectorstore.path")
  SemblanceVectorStore semblanceVectorStore(
      EmbeddingModel model,
      SemblanceVectorStoreProperties properties,
      ObjectProvider<ObservationRegistry> observations,
      ObjectProvider<VectorStoreObservationConvention> convention,
      ObjectProvider<BatchingStrategy> batching) {
    SemanticIndexWriterConfig settings =
        new SemanticIndexWriterConfig()
            .setAnalyzer(NamedAnalyzer.named(properties.analyzer()))
            .setQuantization(properties.quantization());
    SemblanceVectorStore.Builder builder =
        SemblanceVectorStore.builder(properties.path(), model)
            .mode(properties.mode())
            .settings(settings)
            .observationRegistry(observations.getIfUnique(() -> ObservationRegistry.NOOP));
    String modelName = properties.modelName();
    if (modelName != null) {
      builder.modelName(modelName);
    }
    convention.ifAvailable(builder::customObservationConvention);
    batching.ifAvailable(builder::batchingStrategy);
    return builder.build();
  }
}
