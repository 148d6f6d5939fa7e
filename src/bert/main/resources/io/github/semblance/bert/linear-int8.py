  # Weights: 8 bits, one scale per output. Inputs: 7 bits, one scale per row, so that a token's
  # result depends on no other token. 7 because CPUs without VNNI add pairs of products in 16 bits:
  # 2 * 127 * 127 fits and 2 * 255 * 127 does not. All sums are of integers, so they are exact and
  # the same on every CPU.
  def pack(self: __torch__.BertEncoder, linears: List[Tensor]) -> NoneType:
    maxima = self.input_maxima(linears)
    packed = annotate(List[Tensor], [])
    for i in range(torch.len(linears)):
      weight = linears[i]
      zeros = torch.zeros([torch.size(weight, 0)], dtype=4)
      # SmoothQuant (Xiao et al. 2022): scales move between the columns of the input and those of
      # the weight, because a few columns of a LayerNorm's output are far larger than the rest.
      smoothing = torch.div(torch.pow(torch.clamp_min(torch.amax(torch.abs(weight), [0]), 1.0e-5), 0.25), torch.pow(torch.clamp_min(maxima[i], 1.0e-5), 0.75))
      if torch.eq(torch.remainder(i, 4), 3):
        smoothing = torch.ones_like(smoothing)
      weight = torch.div(weight, smoothing)
      scale = torch.clamp_min(torch.div(torch.amax(torch.abs(weight), [1]), 127.0), 1.0e-12)
      codes = torch.int_repr(torch.quantize_per_channel(weight, scale, zeros, 0, 12))
      sums = torch.mul(torch.sum(torch.to(codes, 6), [1]), scale)
      torch.append(packed, ops.onednn.qlinear_prepack(codes, None))
      torch.append(self.codes, codes)
      torch.append(self.scales, scale)
      torch.append(self.zeros, zeros)
      torch.append(self.smoothing, smoothing)
      if torch.eq(torch.remainder(i, 4), 3):
        torch.append(self.corrections, torch.sub(self.biases[i], torch.mul(sums, 0.1701)))
      else:
        torch.append(self.corrections, torch.mul(sums, -64.0))
    self.linears = packed
    return None
  def linear_tensor(self: __torch__.BertEncoder, kind: str, i: int) -> Tensor:
    if torch.eq(kind, "SCALE"):
      values = self.scales[i]
    elif torch.eq(kind, "SMOOTHING"):
      values = self.smoothing[i]
    else:
      values = torch.to(self.codes[i], 6)
    return values
  # The largest magnitude in each column of each layer's input, over 16 texts of 32 word pieces
  # drawn evenly from the vocabulary: the large columns are a property of the model, not of texts.
  def input_maxima(self: __torch__.BertEncoder, linears: List[Tensor]) -> List[Tensor]:
    vocabulary = torch.size(self.tables[0], 0)
    length = 32
    if torch.lt(torch.size(self.tables[1], 0), length):
      length = torch.size(self.tables[1], 0)
    order = torch.arange(16 * length, dtype=4)
    ids = torch.remainder(torch.mul(order, 7919), vocabulary)
    x = torch.add(torch.embedding(self.tables[0], ids), torch.embedding(self.tables[1], torch.remainder(order, length)))
    x = self.norm(x, 0)
    masks = self.masks([16, length])
    maxima = annotate(List[Tensor], [])
    for layer in range(self.layers):
      i = 4 * layer
      torch.append(maxima, torch.amax(torch.abs(x), [0]))
      context = self.attend(torch.linear(x, linears[i], self.biases[i]), [16, length], masks)
      torch.append(maxima, torch.amax(torch.abs(context), [0]))
      x = self.norm(torch.add(torch.linear(context, linears[i + 1], self.biases[i + 1]), x), 2 * layer + 1)
      torch.append(maxima, torch.amax(torch.abs(x), [0]))
      y = self.activate(torch.linear(x, linears[i + 2], self.biases[i + 2]))
      torch.append(maxima, torch.amax(torch.abs(y), [0]))
      x = self.norm(torch.add(torch.linear(y, linears[i + 3], self.biases[i + 3]), x), 2 * layer + 2)
    return maxima
  # By way of int8, because libtorch has no vector code from float to uint8.
  def product(self: __torch__.BertEncoder, codes: Tensor, i: int, correction: Optional[Tensor]) -> Tensor:
    return ops.onednn.qlinear_pointwise(torch.to(torch.to(codes, 1), 0), 1.0, 0, self.linears[i], self.scales[i], self.zeros[i], correction, 1.0, 0, 6, "none", annotate(List[Optional[number]], []), "")
  # Codes from 1 to 127 with 64 for zero; adding half makes the cut to an integer round.
  def linear(self: __torch__.BertEncoder, x: Tensor, i: int) -> Tensor:
    x = torch.mul(x, self.smoothing[i])
    largest = torch.clamp_min(torch.amax(torch.abs(x), [1], True), 1.0e-12)
    codes = torch.add_(torch.mul_(x, torch.mul(torch.reciprocal(largest), 63.0)), 64.5)
    return torch.add_(torch.mul_(self.product(codes, i, self.corrections[i]), torch.div(largest, 63.0)), self.biases[i])
  # GELU is never below -0.1701, nor is ReLU: codes from 0 for that to 127 for the largest of the row.
  def linear_of_activated(self: __torch__.BertEncoder, x: Tensor, i: int) -> Tensor:
    spread = torch.add(torch.clamp_min(torch.amax(x, [1], True), 0.0), 0.1701)
    scale = torch.mul(torch.reciprocal(spread), 127.0)
    codes = torch.add_(torch.mul_(x, scale), torch.add(torch.mul(scale, 0.1701), 0.5))
    return torch.add_(torch.mul_(self.product(codes, i, None), torch.div(spread, 127.0)), self.corrections[i])
  def linear_add(self: __torch__.BertEncoder, x: Tensor, residual: Tensor, i: int) -> Tensor:
    if torch.eq(torch.remainder(i, 4), 3):
      y = self.linear_of_activated(x, i)
    else:
      y = self.linear(x, i)
    return torch.add_(y, residual)
  def linear_activated(self: __torch__.BertEncoder, x: Tensor, i: int) -> Tensor:
    return self.activate(self.linear(x, i))
