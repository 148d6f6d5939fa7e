package io.github.semblance.bert.checkpoint;

/** The models that are known by name, with the facts of their cards. */
public final class ModelCatalogue {
  /** The model whose weights travel with the library. */
  public static final String DEFAULT_MODEL = "all-MiniLM-L6-v2";

  private ModelCatalogue() {}
}
