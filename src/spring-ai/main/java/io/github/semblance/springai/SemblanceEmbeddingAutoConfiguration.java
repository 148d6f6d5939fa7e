package io.github.semblance.springai;

import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.embed.EmbeddingListener;
import io.github.semblance.embed.ObservedEmbedder;
import io.github.semblance.embed.TextEmbedder;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationConvention;
import org.springframework.ai.model.SpringAIModelProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Makes the embedding model, unless the application has one of this class or {@code
 * spring.ai.model.embedding} names another than {@code semblance}. A bean of {@link
 * EmbeddingListener} is told of each call.
 */
@AutoConfiguration
@ConditionalOnClass(EmbeddingModel.class)
@ConditionalOnProperty(
    name = SpringAIModelProperties.EMBEDDING_MODEL,
    havingValue = "semblance",
    matchIfMissing = true)
@EnableConfigurationProperties(SemblanceEmbeddingProperties.class)
public class SemblanceEmbeddingAutoConfiguration {

  /** For Spring. */
  public SemblanceEmbeddingAutoConfiguration() {}

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  TextEmbedder semblanceTextEmbedder(
      SemblanceEmbeddingProperties properties, ObjectProvider<EmbeddingListener> listener)
      throws CheckpointException {
    BertEmbedder.Options options =
        BertEmbedder.Options.defaults().withPrecision(properties.precision());
    Integer threads = properties.threads();
    TextEmbedder embedder =
        BertEmbedder.load(
            properties.model(), threads == null ? options : options.withThreads(threads));
    EmbeddingListener told = listener.getIfAvailable();
    return told == null ? embedder : new ObservedEmbedder(embedder, told);
  }

  @Bean
  @ConditionalOnMissingBean
  SemblanceEmbeddingModel semblanceEmbeddingModel(
      TextEmbedder embedder,
      SemblanceEmbeddingProperties properties,
      ObjectProvider<ObservationRegistry> observations,
      ObjectProvider<EmbeddingModelObservationConvention> convention) {
    return SemblanceEmbeddingModel.builder(embedder)
        .metadataMode(properties.metadataMode())
        .failOnTruncation(properties.failOnTruncation())
        .observationRegistry(observations.getIfUnique(() -> ObservationRegistry.NOOP))
        .observationConvention(convention.getIfAvailable())
        .build();
  }
}
