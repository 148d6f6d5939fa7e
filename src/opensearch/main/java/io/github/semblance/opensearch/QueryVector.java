package io.github.semblance.opensearch;

import io.github.semblance.embed.Calibration;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.TextEmbedder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;

/**
 * An embedded query on its way to the shards, with the model that made it. Immutable as long as
 * nobody writes to the vector.
 *
 * @param cosineFloor of the model: a shard may be on a node that has another
 * @param calibration of the model; null if it has none
 * @param droppedTokens word pieces of the query beyond the model's window
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record QueryVector(
    float[] vector,
    String model,
    String fingerprint,
    float cosineFloor,
    @Nullable Calibration calibration,
    int droppedTokens)
    implements Writeable {

  /**
   * Embeds a query.
   *
   * @param model what indexes call it
   */
  static QueryVector of(String text, String model, TextEmbedder embedder) {
    Embedding embedded = embedder.embedQuery(text);
    return new QueryVector(
        embedded.vector(),
        model,
        embedder.model().fingerprint(),
        embedder.model().cosineFloor(),
        embedder.calibration().orElse(null),
        embedded.droppedTokens());
  }

  /**
   * The same for one index.
   *
   * @param foreignCosine how close it comes to questions that it does not answer; null if nobody
   *     says so
   */
  QueryVector in(@Nullable Float foreignCosine) {
    return foreignCosine == null || calibration == null
        ? this
        : new QueryVector(
            vector, model, fingerprint, cosineFloor, calibration.in(foreignCosine), droppedTokens);
  }

  static QueryVector read(StreamInput in) throws IOException {
    Wire.requireVersion(in, "a query's vector");
    return new QueryVector(
        in.readFloatArray(),
        in.readString(),
        in.readString(),
        in.readFloat(),
        in.readBoolean() ? new Calibration(in.readFloat(), in.readFloat(), in.readFloat()) : null,
        in.readVInt());
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    Wire.writeVersion(out);
    out.writeFloatArray(vector);
    out.writeString(model);
    out.writeString(fingerprint);
    out.writeFloat(cosineFloor);
    out.writeBoolean(calibration != null);
    if (calibration != null) {
      out.writeFloat(calibration.midpoint());
      out.writeFloat(calibration.slope());
      out.writeFloat(calibration.foreignCosine());
    }
    out.writeVInt(droppedTokens);
  }
}
