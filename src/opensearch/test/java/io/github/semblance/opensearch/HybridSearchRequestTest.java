package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.opensearch.common.xcontent.json.JsonXContent;
import org.opensearch.core.xcontent.DeprecationHandler;
import org.opensearch.core.xcontent.NamedXContentRegistry;
import org.opensearch.core.xcontent.XContentParser;

class HybridSearchRequestTest {
  @Test
  void halfAnEmojiInTheQueryIsReplaced() throws IOException {
    try (XContentParser parser =
        JsonXContent.jsonXContent.createParser(
            NamedXContentRegistry.EMPTY,
            DeprecationHandler.IGNORE_DEPRECATIONS,
            "{\"query\": \"rocket \\ud83d\"}")) {
      assertEquals("rocket \ufffd", HybridSearchRequest.parse(parser).text());
    }
  }
}
