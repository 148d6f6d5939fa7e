package io.github.semblance.corpus;

/** No record has a field that the {@link FieldMapping} names; the message lists those there are. */
public final class UnknownFieldException extends CorpusException {
  private static final long serialVersionUID = 1L;

  UnknownFieldException(String message) {
    super(message);
  }
}
