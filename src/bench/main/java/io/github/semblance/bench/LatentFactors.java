package io.github.semblance.bench;

import java.util.Arrays;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * Term vectors brought to few dimensions. Immutable.
 *
 * @param documents a row for each
 * @param projection takes the term vectors of other texts to the same dimensions
 */
record LatentFactors(DMatrixRMaj documents, Projection projection) {
  /** As many as the workshop takes. */
  static final int DIMENSIONS = 16;

  private static final int OVERSAMPLING = 10;
  private static final int POWER_ITERATIONS = 4;
  private static final int NMF_ITERATIONS = 200;
  private static final double NOT_ZERO = 1e-12;

  /** Takes rows of term vectors to rows of factors. */
  @FunctionalInterface
  interface Projection {
    DMatrixRMaj of(DMatrixRMaj terms);
  }

  /**
   * The truncated singular value decomposition, by a random projection with power iterations. See
   * Halko, Martinsson, Tropp: "Finding Structure with Randomness", SIAM Review 2011.
   */
  static LatentFactors svd(DMatrixRMaj terms) {
    int width = Math.min(DIMENSIONS + OVERSAMPLING, Math.min(terms.numRows, terms.numCols));
    DMatrixRMaj range =
        times(
            terms,
            RandomMatrices_DDRM.rectangleGaussian(terms.numCols, width, 0, 1, new Random(1)));
    for (int i = 0; i < POWER_ITERATIONS; i++) {
      DMatrixRMaj back = new DMatrixRMaj(terms.numCols, width);
      CommonOps_DDRM.multTransA(terms, basis(range), back);
      range = times(terms, basis(back));
    }
    DMatrixRMaj small = new DMatrixRMaj(width, terms.numCols);
    CommonOps_DDRM.multTransA(basis(range), terms, small);
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(width, terms.numCols, true, true, true);
    requireDone(svd.decompose(small));
    DMatrixRMaj u = svd.getU(null, false);
    DMatrixRMaj v = svd.getV(null, false);
    SingularOps_DDRM.descendingOrder(u, false, svd.getW(null), v, false);
    DMatrixRMaj axes = CommonOps_DDRM.extract(v, 0, v.numRows, 0, Math.min(DIMENSIONS, v.numCols));
    return new LatentFactors(times(terms, axes), rows -> times(rows, axes));
  }

  /**
   * Non-negative matrix factorisation for the Frobenius norm by multiplicative updates. See Lee,
   * Seung: "Algorithms for Non-negative Matrix Factorization", NIPS 2000.
   */
  static LatentFactors nmf(DMatrixRMaj terms) {
    Random random = new Random(1);
    double scale = Math.sqrt(CommonOps_DDRM.elementSum(terms) / terms.data.length / DIMENSIONS);
    DMatrixRMaj weights =
        RandomMatrices_DDRM.rectangle(terms.numRows, DIMENSIONS, NOT_ZERO, 2 * scale, random);
    DMatrixRMaj topics =
        RandomMatrices_DDRM.rectangle(DIMENSIONS, terms.numCols, NOT_ZERO, 2 * scale, random);
    for (int i = 0; i < NMF_ITERATIONS; i++) {
      DMatrixRMaj wanted = new DMatrixRMaj(DIMENSIONS, terms.numCols);
      CommonOps_DDRM.multTransA(weights, terms, wanted);
      DMatrixRMaj square = new DMatrixRMaj(DIMENSIONS, DIMENSIONS);
      CommonOps_DDRM.multTransA(weights, weights, square);
      scale(topics, wanted, times(square, topics));
      update(terms, weights, topics);
    }
    return new LatentFactors(
        weights,
        rows -> {
          DMatrixRMaj fitted = new DMatrixRMaj(rows.numRows, DIMENSIONS);
          Arrays.fill(fitted.data, scale);
          for (int i = 0; i < NMF_ITERATIONS; i++) {
            update(rows, fitted, topics);
          }
          return fitted;
        });
  }

  private static void update(DMatrixRMaj terms, DMatrixRMaj weights, DMatrixRMaj topics) {
    DMatrixRMaj wanted = new DMatrixRMaj(terms.numRows, DIMENSIONS);
    CommonOps_DDRM.multTransB(terms, topics, wanted);
    DMatrixRMaj square = new DMatrixRMaj(DIMENSIONS, DIMENSIONS);
    CommonOps_DDRM.multTransB(topics, topics, square);
    scale(weights, wanted, times(weights, square));
  }

  private static void scale(DMatrixRMaj factor, DMatrixRMaj wanted, DMatrixRMaj had) {
    for (int i = 0; i < factor.data.length; i++) {
      factor.data[i] *= wanted.data[i] / (had.data[i] + NOT_ZERO);
    }
  }

  private static DMatrixRMaj times(DMatrixRMaj a, DMatrixRMaj b) {
    DMatrixRMaj product = new DMatrixRMaj(a.numRows, b.numCols);
    CommonOps_DDRM.mult(a, b, product);
    return product;
  }

  /** Orthonormal columns that span the same space. */
  private static DMatrixRMaj basis(DMatrixRMaj columns) {
    QRDecomposition<DMatrixRMaj> qr =
        DecompositionFactory_DDRM.qr(columns.numRows, columns.numCols);
    requireDone(qr.decompose(columns.copy()));
    return qr.getQ(null, true);
  }

  private static void requireDone(boolean done) {
    if (!done) {
      throw new IllegalStateException("the matrix could not be decomposed");
    }
  }
}
