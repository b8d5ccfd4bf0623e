{-# LANGUAGE OverloadedStrings #-}
-- The conformance driver in Haskell.
module Main (main) where

import Control.Concurrent (threadWaitRead)
import Control.Exception (Exception, handle, throwIO, try)
import Control.Monad (forM_, replicateM_, when)
import Data.ByteString (ByteString)
import qualified Data.ByteString.Char8 as Bytes
import Deepidv
import Foreign
import Foreign.C.Types (CChar, CSize)
import System.Exit (ExitCode (..))
import System.IO
import System.Mem (performGC)
import System.Posix.Process

-- | A call without a result: its status, and the field that it is about.
newtype Refused = Refused ByteString deriving (Show)

instance Exception Refused

name :: Int32 -> Ptr CChar -> IO ByteString
name status field = do
  line <- statusName status >>= Bytes.packCString
  if field == nullPtr then pure line else (\word -> line <> "\t" <> word) <$> Bytes.packCString field

check :: Ptr CChar -> Int32 -> IO ()
check field status = when (status /= ok) $ name status field >>= throwIO . Refused

checked :: IO Int32 -> IO ()
checked call = call >>= check nullPtr

-- | Passes a text and its length.
text :: ByteString -> (Ptr CChar -> CSize -> IO a) -> IO a
text bytes call = Bytes.useAsCStringLen bytes $ \(pointer, size) -> call pointer (fromIntegral size)

-- | Calls a function that stores a new object. The collector frees it.
make :: FunPtr (Ptr a -> IO ()) -> (Ptr (Ptr a) -> IO Int32) -> IO (ForeignPtr a)
make finalizer call = alloca $ \out -> do
  poke out nullPtr
  status <- call out
  made <- peek out
  when (made == nullPtr) $ name status nullPtr >>= throwIO . Refused
  newForeignPtr finalizer made

type Send = Ptr Client -> Ptr SessionRequest -> Ptr (Ptr Result) -> IO Int32

newClient :: IO (ForeignPtr Client)
newClient = do
  config <- make configFreePointer configNew
  withForeignPtr config $ \it -> do
    checked $ configFromEnv it nullPtr
    make clientFreePointer (clientNew it)

newRequest :: ByteString -> IO (ForeignPtr SessionRequest)
newRequest json = do
  request <- make sessionRequestFreePointer sessionRequestNew
  withForeignPtr request $ \it -> alloca $ \out -> do
    status <- text json $ \pointer size -> sessionRequestSetJson it pointer size out nullPtr
    field <- peek out
    check field status
  pure request

describe :: ForeignPtr Result -> IO ByteString
describe result = withForeignPtr result $ \it -> resultDescribe it nullPtr >>= Bytes.packCString

ask :: (Ptr (Ptr Result) -> IO Int32) -> IO ByteString
ask call = make resultFreePointer call >>= describe

send :: Ptr Client -> Send -> ByteString -> IO ByteString
send client call json = newRequest json >>= \request -> withForeignPtr request $ ask . call client

submit :: Ptr Client -> ByteString -> Int -> ByteString -> IO ()
submit client prefix count json = newRequest json >>= \request ->
  withForeignPtr request $ \it -> forM_ [1 .. count] $ \tag -> do
    checked $ text (prefix <> "-" <> Bytes.pack (show tag)) (sessionRequestSetExternalId it)
    checked $ sessionCreateSubmit client it (fromIntegral tag) nullPtr

-- | Waits in the event manager of the runtime until the descriptor is readable.
takeAll :: Ptr Client -> Int -> IO ByteString
takeAll client count = allocaBytes eventSize (go 0 0 0)
  where
    go :: Int -> Word64 -> Int -> Ptr Event -> IO ByteString
    go taken tags sessions event
      | taken == count = pure $ Bytes.pack $
          show taken ++ " completions, tags " ++ show tags ++ ", " ++ show sessions ++ " sessions"
      | otherwise = do
          next <- try $ make resultFreePointer (clientNext client event)
          case next of
            Left (Refused _) -> do
              descriptor <- clientFd client
              threadWaitRead (fromIntegral descriptor)
              go taken tags sessions event
            Right result -> do
              tag <- peekByteOff event event_tag
              session <- withForeignPtr result $ \it -> resultSessionId it nullPtr
              go (taken + 1) (tags + tag) (if session == nullPtr then sessions else sessions + 1) event

cancel :: Ptr Client -> ByteString -> IO ByteString
cancel client id_ = alloca $ \op -> alloca $ \none -> allocaBytes eventSize $ \event -> do
  checked $ text id_ $ \pointer size -> sessionRetrieveSubmit client pointer size 1 op
  number <- peek op
  waited <- clientTake client number 50 event none
  checked $ clientCancel client number
  _ <- make resultFreePointer $ clientTake client number (-1) event
  status <- peekByteOff event event_status
  (\first second -> first <> "\t" <> second) <$> name waited nullPtr <*> name status nullPtr

webhook :: ByteString -> ByteString -> ByteString -> IO ByteString
webhook secret signature body = do
  secrets <- make webhookSecretsFreePointer webhookSecretsNew
  event <- withForeignPtr secrets $ \it -> do
    checked $ text secret (webhookSecretsAdd it)
    make webhookFreePointer $ \out ->
      text signature $ \first size -> text body $ \second size' -> webhookOpen it first size second size' out
  withForeignPtr event $ \it -> webhookDescribe it nullPtr >>= Bytes.packCString

redirect :: ByteString -> IO ByteString
redirect url = allocaBytes 8192 $ \buffer -> do
  checked $ text url $ \pointer size -> redirectDescribe pointer size buffer 8192 nullPtr
  Bytes.packCString buffer

-- | The status of a call, whatever it is.
statusOf :: IO Int32 -> IO ByteString
statusOf call = call >>= \status -> name status nullPtr

matches :: ByteString -> ByteString -> IO ByteString
matches url id_ = allocaBytes redirectSize $ \parsed -> text url $ \pointer size -> do
  checked $ redirectParse pointer size parsed
  statusOf $ text id_ $ redirectMatches pointer size parsed

order :: ByteString -> IO ByteString
order json = do
  (client, request) <- (,) <$> newClient <*> newRequest json
  result <- make resultFreePointer $ \out ->
    withForeignPtr client $ \it -> withForeignPtr request $ \body -> sessionCreate it body out
  finalizeForeignPtr client
  finalizeForeignPtr request
  describe result

forked :: Ptr Client -> ByteString -> IO ByteString
forked client json = newRequest json >>= \request -> withForeignPtr request $ \it -> do
  child <- forkProcess $ alloca $ \out -> do
    status <- sessionCreate client it out
    exitImmediately $ if status == ok then ExitSuccess else ExitFailure (fromIntegral status)
  ended <- getProcessStatus True False child
  statusOf $ pure $ case ended of
    Just (Exited (ExitFailure status)) -> fromIntegral status
    _ -> ok

run :: Ptr Client -> [ByteString] -> IO ByteString
run client fields = case fields of
  ["version"] -> (\it -> Bytes.pack $ show (it `shiftR` 16) ++ "." ++ show (it .&. 0xFFFF)) <$> abiVersion
  ["redirect", url] -> redirect url
  ["matches", url, id_] -> matches url id_
  ["webhook", secret, signature, body] -> webhook secret signature body
  ["option", key, value] -> make configFreePointer configNew >>= \config -> withForeignPtr config $ \it ->
    statusOf $ text key $ \pointer size -> text value $ configSet it pointer size
  ["check", json] -> newRequest json >>= \request -> withForeignPtr request $ \it -> alloca $ \out -> do
    status <- sessionRequestValidate it out
    peek out >>= name status
  ["create", json] -> send client sessionCreate json
  ["find", json] -> send client sessionFindOrCreate json
  ["retrieve", id_] -> ask $ \out -> text id_ $ \pointer size -> sessionRetrieve client pointer size out
  ["list", id_, limit] -> ask $ \out -> text id_ $ \pointer size ->
    sessionList client pointer size (fromIntegral $ number limit) nullPtr 0 out
  ["update", id_, word] -> ask $ \out -> text id_ $ \pointer size ->
    sessionUpdateStatus client pointer size (if word == "VERIFIED" then decisionVerified else decisionRejected) out
  ["confirm", url, id_] -> ask $ \out -> text url $ \first size -> text id_ $ \second size' ->
    redirectConfirm client first size second size' out
  ["reconcile", token] -> ask $ \out -> text token $ \pointer size -> sessionReconcile client pointer size out
  ["many", count, json] -> submit client "many" (number count) json >> takeAll client (number count)
  ["collect", count, json] -> do
    submit client "collect" (number count) json
    replicateM_ 1000 (newRequest json)
    performGC
    takeAll client (number count)
  ["cancel", id_] -> cancel client id_
  ["nul", json] -> newRequest json >>= \request -> withForeignPtr request $ \it ->
    statusOf $ text "a\0b" $ sessionRequestSetFirstName it
  ["order", json] -> order json
  ["fork", json] -> forked client json
  _ -> pure "unknown command"
  where
    number = read . Bytes.unpack :: ByteString -> Int

main :: IO ()
main = do
  hSetBuffering stdout LineBuffering
  newClient >>= loop
  where
    loop client = isEOF >>= \end -> if end then pure () else do
      line <- Bytes.getLine
      answer <- handle (\(Refused refused) -> pure refused) $
        withForeignPtr client $ \it -> run it (Bytes.split '\t' line)
      Bytes.putStrLn answer
      loop client
