package io.github.semblance.bert;

import java.util.List;
import java.util.concurrent.Callable;

/** The encoder of all texts as queries reach it, for others to be compared with. */
record LibtorchQueries(Encoder encoder) implements QueryEncoder {
  @Override
  public String name() {
    return QueryChoice.LIBTORCH;
  }

  @Override
  public boolean warmUp() {
    return true;
  }

  @Override
  public float[] embed(long[] ids, int cores) {
    TokenBatch batch = new TokenBatch(List.of(ids));
    if (cores == 1) {
      return encoder.embed(batch)[0];
    }
    Callable<List<float[]>> call = () -> List.of(encoder.embed(batch));
    return TorchPool.collect(List.of(QueryThread.submit(cores, call)), 1).get(0);
  }
}
