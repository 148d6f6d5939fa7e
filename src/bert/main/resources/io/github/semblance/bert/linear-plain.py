  def pack(self: __torch__.BertEncoder, linears: List[Tensor]) -> NoneType:
    self.linears = self.copies(linears)
    return None
  def linear_tensor(self: __torch__.BertEncoder, kind: str, i: int) -> Tensor:
    return self.linears[i]
  def linear(self: __torch__.BertEncoder, x: Tensor, i: int) -> Tensor:
    return torch.linear(x, self.linears[i], self.biases[i])
  def linear_add(self: __torch__.BertEncoder, x: Tensor, residual: Tensor, i: int) -> Tensor:
    return torch.add(torch.linear(x, self.linears[i], self.biases[i]), residual)
  def linear_activated(self: __torch__.BertEncoder, x: Tensor, i: int) -> Tensor:
    return self.activate(torch.linear(x, self.linears[i], self.biases[i]))
