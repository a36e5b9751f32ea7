/** Whether `text` is a GUID in the form that Entra shows: 32 hexadecimal digits in five groups. */
export function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
