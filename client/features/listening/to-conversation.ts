import { useCallback } from 'react';
import { useLocation } from 'wouter';

/** Opens a conversation; what had the keyboard here goes with the page. */
export function useToConversation(): (conversationId: string) => void {
  const [, navigate] = useLocation();
  return useCallback(
    (conversationId) => {
      navigate(`/inbox/all/${conversationId}`);
      document.getElementById('content')?.focus();
    },
    [navigate],
  );
}
