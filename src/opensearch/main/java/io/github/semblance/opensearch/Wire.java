package io.github.semblance.opensearch;

import java.io.IOException;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;

/**
 * The form in which nodes send each other what is the plugin's own. OpenSearch numbers its own
 * versions, not a plugin's. Stateless.
 */
final class Wire {
  /** Changes whenever what is written changes. */
  static final int VERSION = 3;

  private Wire() {}

  static void writeVersion(StreamOutput out) throws IOException {
    out.writeVInt(VERSION);
  }

  /**
   * Stands before all that is read.
   *
   * @param what begins the message
   * @throws IllegalStateException if it was written by a plugin of another form
   */
  static void requireVersion(StreamInput in, String what) throws IOException {
    int version = in.readVInt();
    if (version != VERSION) {
      throw new IllegalStateException(
          what
              + " must have the form "
              + VERSION
              + " of this node's plugin, got: "
              + version
              + "; install the same version of the plugin on all nodes");
    }
  }
}
