package io.github.semblance.opensearch;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.ObjectParser;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.search.SearchExtBuilder;

/**
 * {@code "ext": {"semblance": {}}} of a search: the wish to be told of each hit what both legs say,
 * see {@link LegsPhase}. Immutable.
 */
final class LegsRequest extends SearchExtBuilder {
  static final String NAME = "semblance";
  private static final ObjectParser<LegsRequest, Void> FIELDS =
      new ObjectParser<>(NAME, LegsRequest::new);

  private LegsRequest() {}

  LegsRequest(StreamInput in) throws IOException {
    Wire.requireVersion(in, "[ext] of a search");
  }

  static LegsRequest parse(XContentParser parser) throws IOException {
    return FIELDS.parse(parser, null);
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    Wire.writeVersion(out);
  }

  @Override
  public String getWriteableName() {
    return NAME;
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    return builder.startObject(NAME).endObject();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LegsRequest;
  }

  @Override
  public int hashCode() {
    return NAME.hashCode();
  }
}
