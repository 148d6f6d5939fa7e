package io.github.semblance.opensearch;

import java.io.IOException;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;

/**
 * An embedded query on its way to the shards, with the model that made it. Immutable as long as
 * nobody writes to the vector.
 *
 * @param droppedTokens word pieces of the query beyond the model's window
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record QueryVector(float[] vector, String model, String fingerprint, int droppedTokens)
    implements Writeable {

  static QueryVector read(StreamInput in) throws IOException {
    return new QueryVector(in.readFloatArray(), in.readString(), in.readString(), in.readVInt());
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeFloatArray(vector);
    out.writeString(model);
    out.writeString(fingerprint);
    out.writeVInt(droppedTokens);
  }
}
