import { nextTick, onScopeDispose, ref, watch, type Ref } from 'vue';

/**
 * A long page that comes a part at a time: the stage it has reached, 0 until there is something to show,
 * then one more with each task of the browser until `last`. A slow phone can answer a finger in between.
 */
export function useStages(there: () => boolean, last: number): Ref<number> {
  const stage = ref(0);
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function further(): Promise<void> {
    stage.value += 1;
    await nextTick();
    if (stage.value < last) timer = setTimeout(() => void further());
  }
  function begin(now: boolean): void {
    if (now && stage.value === 0) timer = setTimeout(() => void further());
  }
  watch(there, begin, { immediate: true });
  onScopeDispose(() => clearTimeout(timer));
  return stage;
}
