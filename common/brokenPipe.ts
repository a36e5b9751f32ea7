/** Lets a process go on where whoever reads along has stopped, as `| head` does: it ends what it began, with its own exit code. */
export function ignoreBrokenPipes({ stdout, stderr }: Pick<NodeJS.Process, "stdout" | "stderr">): void {
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}
