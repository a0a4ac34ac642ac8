/** Calls back with files that are dropped anywhere on an element, which is marked while they hover; folders are in the transfer. */
export function onDrop(target: HTMLElement, take: (files: readonly File[], transfer: DataTransfer) => void): void {
  const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  target.addEventListener('dragover', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    target.classList.add('dropping');
  });
  target.addEventListener('dragleave', (event) => {
    if (!target.contains(event.relatedTarget as Node | null)) target.classList.remove('dropping');
  });
  target.addEventListener('drop', (event) => {
    target.classList.remove('dropping');
    if (!holdsFiles(event)) return;
    event.preventDefault();
    take([...event.dataTransfer!.files], event.dataTransfer!);
  });
}
