package io.github.semblance.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.NormOps_DDRM;
import org.junit.jupiter.api.Test;

/** Of few documents nothing is lost in 16 dimensions, which shows whether the factors are right. */
class LatentFactorsTest {
  private static final String[] FRUIT = {"apple", "pear", "plum", "fig"};
  private static final String[] METAL = {"iron", "zinc", "lead", "tin"};

  private static List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      String[] words = i < 12 ? FRUIT : METAL;
      texts.add(words[i % 4] + " and " + words[(i + 1) % 4] + " " + words[i % 3]);
    }
    return texts;
  }

  private static DMatrixRMaj terms() {
    return new TermVectors(texts()).of(texts());
  }

  private static double cosine(DMatrixRMaj rows, int a, int b) {
    DMatrixRMaj one = CommonOps_DDRM.extractRow(rows, a, null);
    DMatrixRMaj other = CommonOps_DDRM.extractRow(rows, b, null);
    return CommonOps_DDRM.dot(one, other) / (NormOps_DDRM.normF(one) * NormOps_DDRM.normF(other));
  }

  @Test
  void termVectorsAreOfLengthOneAndLeaveStopWordsOut() {
    DMatrixRMaj terms = terms();
    assertEquals(8, terms.numCols);
    assertEquals(Math.sqrt(24), NormOps_DDRM.normF(terms), 1e-9);
  }

  @Test
  void singularVectorsKeepAllCosines() {
    DMatrixRMaj terms = terms();
    LatentFactors svd = LatentFactors.svd(terms);
    for (int other = 1; other < 24; other++) {
      assertEquals(cosine(terms, 0, other), cosine(svd.documents(), 0, other), 1e-9);
    }
    assertArrayEquals(svd.documents().data, svd.projection().of(terms).data, 1e-9);
  }

  @Test
  void topicsAreNonNegativeAndToldApart() {
    DMatrixRMaj terms = terms();
    LatentFactors nmf = LatentFactors.nmf(terms);
    assertTrue(CommonOps_DDRM.elementMin(nmf.documents()) >= 0);
    DMatrixRMaj projected = nmf.projection().of(terms);
    for (DMatrixRMaj rows : List.of(nmf.documents(), projected)) {
      for (int other = 12; other < 24; other++) {
        assertTrue(cosine(rows, 0, other) < 0.1, "text 0 and text " + other);
      }
      assertTrue(cosine(rows, 0, 4) > 0.5);
    }
  }
}
