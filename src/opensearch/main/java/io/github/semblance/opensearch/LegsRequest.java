package io.github.semblance.opensearch;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.ObjectParser;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.search.SearchExtBuilder;

/**
 * {@code "ext": {"semblance": {"passages": 3}}} of a search: the wish to be told of each hit what
 * both legs say, and its closest passages, see {@link LegsPhase}. Immutable once it is read.
 */
final class LegsRequest extends SearchExtBuilder {
  static final String NAME = "semblance";
  private static final int MOST_PASSAGES = 100;
  private static final ParseField PASSAGES = new ParseField("passages");
  private static final ObjectParser<LegsRequest, Void> FIELDS =
      new ObjectParser<>(NAME, LegsRequest::new);

  static {
    FIELDS.declareInt(LegsRequest::set, PASSAGES);
  }

  private int passages = 1;

  private LegsRequest() {}

  LegsRequest(StreamInput in) throws IOException {
    Wire.requireVersion(in, "[ext] of a search");
    passages = in.readVInt();
  }

  private void set(int value) {
    if (value < 0 || value > MOST_PASSAGES) {
      throw new IllegalArgumentException(
          "[ext][" + NAME + "] passages must be from 0 to " + MOST_PASSAGES + ", got: " + value);
    }
    passages = value;
  }

  static LegsRequest parse(XContentParser parser) throws IOException {
    return FIELDS.parse(parser, null);
  }

  /** How many passages to show of a hit at most; 0 for none. */
  int passages() {
    return passages;
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    Wire.writeVersion(out);
    out.writeVInt(passages);
  }

  @Override
  public String getWriteableName() {
    return NAME;
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    return builder.startObject(NAME).field(PASSAGES.getPreferredName(), passages).endObject();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LegsRequest that && passages == that.passages;
  }

  @Override
  public int hashCode() {
    return passages;
  }
}
