package io.github.semblance.bert.checkpoint;

/**
 * A family of encoders and what sets it apart from BERT: how positions are counted, whether there
 * are token types, and whether attention knows how far apart two tokens are.
 *
 * <p>Immutable and safe for use by many threads. All families here have BERT's layers; {@link
 * Tensor} names are BERT's whatever a family's own files call them.
 */
public sealed interface Architecture {

  /** BERT (Devlin et al. 2019): positions from 0, token types. */
  record Bert() implements Architecture {
    @Override
    public String modelType() {
      return "bert";
    }

    @Override
    public String title() {
      return "BERT";
    }

    @Override
    public boolean tokenTypes() {
      return true;
    }
  }

  /** DistilBERT (Sanh et al. 2019): a BERT without token types. */
  record DistilBert() implements Architecture {
    @Override
    public String modelType() {
      return "distilbert";
    }

    @Override
    public String title() {
      return "DistilBERT";
    }

    @Override
    public boolean tokenTypes() {
      return false;
    }
  }

  /**
   * RoBERTa (Liu et al. 2019) and XLM-RoBERTa (Conneau et al. 2020): a BERT that counts positions
   * after that of padding.
   *
   * @param modelType {@code roberta} or {@code xlm-roberta}, which compute the same
   * @param padding the id of the padding token, at least 0 ({@code pad_token_id})
   */
  record Roberta(String modelType, int padding) implements Architecture {
    /** Checks the range stated above. */
    public Roberta {
      if (padding < 0) {
        throw new IllegalArgumentException("padding must be at least 0, got: " + padding);
      }
    }

    @Override
    public String title() {
      return modelType.equals("roberta") ? "RoBERTa" : "XLM-RoBERTa";
    }

    @Override
    public boolean tokenTypes() {
      return true;
    }

    @Override
    public int unusedPositions() {
      return padding + 1;
    }

    @Override
    public long[] positions(long[] ids) {
      return afterPadding(ids, padding);
    }
  }

  /**
   * MPNet (Song et al. 2020): positions as in RoBERTa, no token types, and a bias that all layers
   * add to attention by the distance between two tokens.
   *
   * @param buckets rows of the table of that bias, a multiple of 4 ({@code
   *     relative_attention_num_buckets})
   */
  record MpNet(int buckets) implements Architecture {
    /** Fixed in the model's code, whatever {@code config.json} says. */
    private static final int PADDING = 1;

    /** Checks the range stated above. */
    public MpNet {
      if (buckets < 4 || buckets % 4 != 0) {
        throw new IllegalArgumentException(
            "relative attention needs a multiple of 4 buckets, got: " + buckets);
      }
    }

    @Override
    public String modelType() {
      return "mpnet";
    }

    @Override
    public String title() {
      return "MPNet";
    }

    @Override
    public boolean tokenTypes() {
      return false;
    }

    @Override
    public int unusedPositions() {
      return PADDING + 1;
    }

    @Override
    public long[] positions(long[] ids) {
      return afterPadding(ids, PADDING);
    }
  }

  /** What {@code config.json} calls it in {@code model_type}. */
  String modelType();

  /** Its name, for messages. */
  String title();

  /** Whether there is a table of token types. */
  boolean tokenTypes();

  /** The first rows of the position table that no ordinary token has: 0 in BERT. */
  default int unusedPositions() {
    return 0;
  }

  /**
   * The row of the position table for each id of one text.
   *
   * @param ids of the text, special tokens included
   */
  default long[] positions(long[] ids) {
    long[] positions = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      positions[i] = i;
    }
    return positions;
  }

  /** A padding token in the middle of a text is not counted, and has padding's own position. */
  private static long[] afterPadding(long[] ids, int padding) {
    long[] positions = new long[ids.length];
    int counted = 0;
    for (int i = 0; i < ids.length; i++) {
      positions[i] = ids[i] == padding ? padding : padding + ++counted;
    }
    return positions;
  }
}
