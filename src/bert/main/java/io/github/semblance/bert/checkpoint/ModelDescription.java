package io.github.semblance.bert.checkpoint;

import java.util.Optional;

/**
 * Where a model is and what is known of it without loading it.
 *
 * @param name what the user calls the model
 * @param location the folder or jar it lies in; empty where it is not on this machine
 * @param bytes what its files take on disk; 0 where it is not on this machine
 * @param fingerprint see {@link BertModel#fingerprint()}; empty until the model has been opened
 *     once
 */
public record ModelDescription(
    String name, Optional<String> location, long bytes, Optional<String> fingerprint) {

  /** Whether the model can be opened without fetching anything. */
  public boolean isHere() {
    return location.isPresent();
  }
}
