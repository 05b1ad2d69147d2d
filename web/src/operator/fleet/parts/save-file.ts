/** Gives a file that the page holds to the browser to keep. */
const KEPT_MILLISECONDS = 10_000;

export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(url), KEPT_MILLISECONDS);
}
