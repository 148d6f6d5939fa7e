package io.github.semblance.opensearch;

import java.io.IOException;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;

/**
 * An embedded query on its way to the shards, with the model that made it. Immutable as long as
 * nobody writes to the vector.
 *
 * @param cosineFloor of the model: a shard may be on a node that has another
 * @param droppedTokens word pieces of the query beyond the model's window
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record QueryVector(
    float[] vector, String model, String fingerprint, float cosineFloor, int droppedTokens)
    implements Writeable {

  static QueryVector read(StreamInput in) throws IOException {
    Wire.requireVersion(in, "a query's vector");
    return new QueryVector(
        in.readFloatArray(), in.readString(), in.readString(), in.readFloat(), in.readVInt());
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    Wire.writeVersion(out);
    out.writeFloatArray(vector);
    out.writeString(model);
    out.writeString(fingerprint);
    out.writeFloat(cosineFloor);
    out.writeVInt(droppedTokens);
  }
}
