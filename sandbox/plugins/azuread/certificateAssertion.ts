export async function certificateAssertion(
  _path: string,
  _password: string,
  _clientId: string,
  _audience: string,
): Promise<string> {
  throw new Error("not yet");
}
