  def pack(self: __torch__.BertEncoder, linears: List[Tensor]) -> NoneType:
    packed = annotate(List[Tensor], [])
    for i in range(torch.len(linears)):
      torch.append(packed, ops.mkldnn._reorder_linear_weight(linears[i], None))
    self.linears = packed
    return None
  def linear_tensor(self: __torch__.BertEncoder, kind: str, i: int) -> Tensor:
    return torch.to_dense(self.linears[i])
  def linear(self: __torch__.BertEncoder, x: Tensor, i: int) -> Tensor:
    return ops.mkldnn._linear_pointwise(x, self.linears[i], self.biases[i], "none", annotate(List[Optional[number]], []), "")
  def linear_add(self: __torch__.BertEncoder, x: Tensor, residual: Tensor, i: int) -> Tensor:
    return ops.mkldnn._linear_pointwise(x, residual, self.linears[i], self.biases[i], "add")
  def linear_activated(self: __torch__.BertEncoder, x: Tensor, i: int) -> Tensor:
    if torch.eq(self.activation, "relu"):
      y = ops.mkldnn._linear_pointwise(x, self.linears[i], self.biases[i], "relu", annotate(List[Optional[number]], []), "")
    else:
      y = ops.mkldnn._linear_pointwise(x, self.linears[i], self.biases[i], "gelu", annotate(List[Optional[number]], []), self.activation)
    return y
