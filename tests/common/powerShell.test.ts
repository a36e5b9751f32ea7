import { expect, test } from "vitest";
import { powerShellCommand, powerShellComment, powerShellText } from "../../common/powerShell.ts";

test("an ASCII text is in single quotes, which are doubled within", () => {
  expect(powerShellText("")).toBe("''");
  expect(powerShellText("Karl's $(Get-Date) `group`")).toBe("'Karl''s $(Get-Date) `group`'");
});

test("any other character stands as its number, so that no code page makes a quote of it", () => {
  // In UTF-8, U+0412 ends in the byte 0x92, which Windows PowerShell reads as a closing quote.
  expect(powerShellText("\u0412; Remove-Mailbox x #")).toBe("('' + [char]0x412 + '; Remove-Mailbox x #')");
  expect(powerShellText("a\u2019b\n")).toBe("('a' + [char]0x2019 + 'b' + [char]0xa + '')");
  expect(powerShellCommand("Remove-RoleGroup", { Identity: "B\u00fcro", Confirm: false })).toBe(
    "Remove-RoleGroup -Identity ('B' + [char]0xfc + 'ro') -Confirm:$false",
  );
  expect(powerShellComment("x\u2028B\u00fcro")).toBe(String.raw`# x\u{2028}B\u{fc}ro`);
});
