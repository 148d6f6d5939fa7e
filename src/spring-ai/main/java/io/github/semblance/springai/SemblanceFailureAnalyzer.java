package io.github.semblance.springai;

import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.index.IndexOpenException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says in Boot's form why an application did not start: the model is not here, or the index is
 * locked or was made with another model. Stateless.
 */
final class SemblanceFailureAnalyzer extends AbstractFailureAnalyzer<Exception> {

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable failure, Exception found) {
    IndexOpenException index = findCause(failure, IndexOpenException.class);
    if (index != null) {
      return new FailureAnalysis(
          sentence(index),
          "See that one application at a time writes the index, or set semblance.vectorstore.path"
              + " to another folder.",
          index);
    }
    CheckpointException model = findCause(failure, CheckpointException.class);
    if (model != null) {
      return new FailureAnalysis(
          sentence(model), "Set semblance.embedding.model to a model on this machine.", model);
    }
    EmbeddingException engine = findCause(failure, EmbeddingException.class);
    return engine == null
        ? null
        : new FailureAnalysis(
            sentence(engine),
            "See that the natives of this platform are in the application.",
            engine);
  }

  private static String sentence(Exception reason) {
    String message = reason.getMessage();
    return message == null ? reason.toString() : message;
  }
}
